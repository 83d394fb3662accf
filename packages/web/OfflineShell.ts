import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import type { Plugin } from "vite"

const worker = new URL("src/offline/worker.js", import.meta.url)

/** Not in the bundle: copied as they are. */
const publicFiles = new URL("public/", import.meta.url)

/** Small and needed by everyone; the emoji picker's data is fetched when it is first opened. */
const isShell = (name: string) => /^assets\/[^/]+\.(?:js|css)$/.test(name)

/** Writes the service worker, which keeps the files of this build. */
export const offlineShell: Plugin = {
  name: "offline-shell",
  apply: "build",
  generateBundle: {
    // After the page itself was made.
    order: "post",
    handler(_options, bundle) {
      const files = Object.keys(bundle).filter(isShell).toSorted()
      const hash = createHash("sha256")
      if (!("index.html" in bundle))
        this.error("the page is not in the bundle, and no change of it would be seen")
      for (const part of Object.values(bundle)) hash.update(part.type === "chunk" ? part.code : part.source)
      for (const name of readdirSync(publicFiles).toSorted()) {
        hash.update(name).update(readFileSync(new URL(name, publicFiles)))
      }
      const shell = {
        version: hash.digest("hex").slice(0, 16),
        files: ["/", "/favicon.svg", "/favicon-unread.svg", ...files.map((name) => `/${name}`)]
      }
      const source = readFileSync(worker, "utf8").replace("__SHELL__", JSON.stringify(shell))
      this.emitFile({ type: "asset", fileName: "service-worker.js", source })
    }
  }
}

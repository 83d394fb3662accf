import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { brotliCompressSync, gzipSync } from "node:zlib"

export const page = `<!doctype html><title>Messenger</title><script type="module" src="/assets/index-4f2a.js"></script>`
export const script = `console.log(${JSON.stringify("hello ".repeat(200))})`

/** As the build leaves it, small. */
const files: Readonly<Record<string, string | Uint8Array>> = {
  ".built": "hash",
  "index.html": page,
  "favicon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
  "notes.exe": "of a type that no messenger has",
  "assets/index-4f2a.js": script,
  "assets/index-4f2a.js.br": brotliCompressSync(script),
  "assets/index-4f2a.js.gz": gzipSync(script),
  "assets/deep/font-1.woff2": new Uint8Array([1, 2, 3])
}

/** A built messenger in a folder of its own, and how to remove it. */
export const builtMessenger = () => {
  const path = mkdtempSync(join(tmpdir(), "indelible-messenger-"))
  mkdirSync(join(path, "assets/deep"), { recursive: true })
  for (const [name, body] of Object.entries(files)) writeFileSync(join(path, name), body)
  return { folder: pathToFileURL(`${path}/`), remove: () => rmSync(path, { recursive: true, force: true }) }
}

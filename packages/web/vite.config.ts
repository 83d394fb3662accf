import { cpSync } from "node:fs"
import { fileURLToPath } from "node:url"
import react from "@vitejs/plugin-react"
import { defineConfig, type Plugin } from "vite"
import { offlineShell } from "./OfflineShell.ts"

const here = fileURLToPath(new URL(".", import.meta.url))

/** The emoji picker would ask a foreign host for its data. English alone: 30 languages would be 20 MB. */
const emojiData: Plugin = {
  name: "emoji-data",
  apply: "build",
  writeBundle: (options) => {
    for (const file of ["data.json", "messages.json"]) {
      cpSync(
        fileURLToPath(import.meta.resolve(`emojibase-data/en/${file}`)),
        `${options.dir}/assets/emoji-17.0.0/en/${file}`
      )
    }
  }
}

export default defineConfig({
  root: here,
  plugins: [react(), emojiData, offlineShell],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    sourcemap: false,
    target: "es2024",
    // The page's policy allows no inline script, and no browser that it supports needs the polyfill.
    modulePreload: { polyfill: false },
    // A data: address would be refused by the policy.
    assetsInlineLimit: 0
  }
})

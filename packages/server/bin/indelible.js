#!/usr/bin/env node
// Runs the command line on the Node that the project pins: the one that is first on PATH may be older and cannot read
// TypeScript. Plain JavaScript, so that any Node since 14 gets as far as this.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { constants } from "node:os"
import { fileURLToPath } from "node:url"

const needed = 26
const main = new URL("../src/cli/main.ts", import.meta.url)

const runOn = (node) => {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: "inherit" })
  // A terminal sends Ctrl-C to both of us; it decides what that means. What others send to us alone is handed on.
  process.on("SIGINT", () => {})
  process.on("SIGTERM", () => child.kill("SIGTERM"))
  child.on("error", (error) => {
    console.error(`indelible: ${node} cannot be started: ${error.message}`)
    process.exit(2)
  })
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

if (Number.parseInt(process.versions.node, 10) >= needed) {
  await import(main.href)
} else {
  const pinned = fileURLToPath(new URL("../../../node_modules/.bin/node", import.meta.url))
  if (existsSync(pinned)) runOn(pinned)
  else {
    console.error(
      `indelible: this is Node ${process.versions.node}, and Node ${needed} or newer is needed. Run \`npm ci\` in the project, which brings it, or put a newer one on PATH.`
    )
    process.exit(2)
  }
}

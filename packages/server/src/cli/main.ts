import { enableCompileCache } from "node:module"
import { fileURLToPath } from "node:url"

// As for the service: a command should answer at once. Beside the packages, where nobody else may put code.
enableCompileCache(fileURLToPath(new URL("../../../../node_modules/.cache/compiled", import.meta.url)))

// Not as an import above: those are loaded before any statement runs.
await import("./Program.ts")

import { enableCompileCache } from "node:module"
import { fileURLToPath } from "node:url"

// Compiled code from the start before, beside the packages: half of what it takes to load the service. A folder that
// others may write would let them put code into it, and where ours cannot be written it goes without.
enableCompileCache(fileURLToPath(new URL("../../../node_modules/.cache/compiled", import.meta.url)))

// Not as an import above: those are loaded before any statement runs.
await import("./Program.ts")

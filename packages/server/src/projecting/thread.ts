import { enableCompileCache } from "node:module"
import { fileURLToPath } from "node:url"

// As in `main.ts`: a thread loads its code anew.
enableCompileCache(fileURLToPath(new URL("../../../../node_modules/.cache/compiled", import.meta.url)))

await import("./ProjectorThread.ts")

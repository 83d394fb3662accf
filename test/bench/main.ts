// First: it compiles schemas that are made after it. The server does the same.
import "effect/schema/SchemaJITCompiler/enable"

import { parseArgs } from "node:util"
import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { appendBench } from "./append/appendBench.ts"
import { projectionsBench } from "./projections/projectionsBench.ts"
import { searchBench } from "./search/searchBench.ts"

const benches: Readonly<
  Record<string, (options: { readonly json: boolean }) => Effect.Effect<void, unknown>>
> = {
  append: appendBench,
  projections: projectionsBench,
  search: searchBench
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } }
})
const [name = ""] = positionals
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
if (bench === undefined) {
  process.stderr.write(`usage: npm run bench -- <${Object.keys(benches).join(" | ")}> [--json]\n`)
  process.exit(2)
}
NodeRuntime.runMain(bench(values).pipe(Effect.asVoid))

// First: it compiles schemas that are made after it. The server does the same.
import "effect/schema/SchemaJITCompiler/enable"

import { parseArgs } from "node:util"
import { NodeRuntime } from "@effect/platform-node"
import { Effect, Logger } from "effect"
import { appendBench } from "./append/appendBench.ts"
import type { BenchOptions } from "./BenchOptions.ts"
import { nodesBench } from "./nodes/nodesBench.ts"
import { projectionsBench } from "./projections/projectionsBench.ts"
import { realtimeBench } from "./realtime/realtimeBench.ts"
import { rebuildBench } from "./rebuild/rebuildBench.ts"
import { searchBench } from "./search/searchBench.ts"

const benches: Readonly<Record<string, (options: BenchOptions) => Effect.Effect<void, unknown>>> = {
  append: appendBench,
  nodes: nodesBench,
  projections: projectionsBench,
  realtime: realtimeBench,
  rebuild: rebuildBench,
  search: searchBench
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" }
  }
})
const [name = ""] = positionals
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
const only = values.only.split(",").filter((phase) => phase !== "")
const inParts = name === "realtime"
if (bench === undefined || (!inParts && (values.quick || only.length > 0))) {
  process.stderr.write(
    `usage: npm run bench -- <${Object.keys(benches).join(" | ")}> [--json]\n       npm run bench -- realtime [--quick] [--only connections,open,closed,burst,storm] [--json]\n`
  )
  process.exit(2)
}
// What programs read goes to stdout alone.
const log = Logger.layer([Logger.withConsoleError(Logger.formatSimple)])
NodeRuntime.runMain(bench({ ...values, only }).pipe(Effect.asVoid, Effect.provide(log)))

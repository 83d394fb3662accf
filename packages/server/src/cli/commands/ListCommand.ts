import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { Effect } from "effect"
import { Command } from "effect/cli"
import { projectionView } from "../../operations/OperationViews.ts"
import * as Connection from "../Connection.ts"
import { output } from "../Output.ts"
import { listing } from "../text/ProjectionText.ts"

const list = Effect.gen(function* () {
  const out = yield* output
  const all = yield* (yield* ProjectionOperations).list
  yield* out.json
    ? out.document({ projections: all.map(projectionView) })
    : out.lines(listing(all, out.style))
}).pipe(Effect.provide(Connection.layer))

export const listCommand = Command.make("list", {}, () => list).pipe(
  Command.withDescription("All projections and how they are doing"),
  Command.withExamples([
    { command: "indelible projections list", description: "Version, owner, lag, parked streams and builds" },
    { command: "indelible projections list --json | jq '.projections[].lagSeconds'" }
  ])
)

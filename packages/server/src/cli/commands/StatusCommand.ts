import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { projectionView } from "../../operations/OperationViews.ts"
import * as Connection from "../Connection.ts"
import * as Flags from "../Flags.ts"
import { output } from "../Output.ts"
import { hasEnded } from "../text/BuildText.ts"
import { details, listing } from "../text/ProjectionText.ts"
import { watch } from "../WatchBuild.ts"

const all = Effect.gen(function* () {
  const out = yield* output
  const found = yield* (yield* ProjectionOperations).list
  yield* out.json
    ? out.document({ projections: found.map(projectionView) })
    : out.lines(listing(found, out.style))
})

const one = Effect.fnUntraced(function* (name: string, watching: boolean) {
  const out = yield* output
  const status = yield* (yield* ProjectionOperations).status(name)
  if (watching && status.build !== null && !hasEnded(status.build)) return yield* watch(status.build, out)
  yield* out.json ? out.document(projectionView(status)) : out.lines(details(status, out.style))
})

export const statusCommand = Command.make(
  "status",
  {
    name: Argument.optional(Flags.projection),
    watch: Flag.Boolean("watch").pipe(
      Flag.withAlias("w"),
      Flag.withDescription("Follow what is being built for it until that ends; Ctrl-C leaves it alone"),
      Flag.withDefault(false)
    )
  },
  ({ name, watch }) =>
    Option.match(name, { onNone: () => all, onSome: (known) => one(known, watch) }).pipe(
      Effect.provide(Connection.layer)
    )
).pipe(
  Command.withDescription("How a projection is doing, or all of them"),
  Command.withExamples([
    { command: "indelible projections status inbox" },
    { command: "indelible projections status inbox --watch", description: "Follow a rebuild that goes on" }
  ])
)

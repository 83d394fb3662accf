import { Effect } from "effect"
import { Command } from "effect/cli"
import { confirmed } from "../Confirmation.ts"
import * as Connection from "../Connection.ts"
import * as Flags from "../Flags.ts"
import { output } from "../Output.ts"
import { startAndWatch } from "../StartBuild.ts"

export const rollbackCommand = Command.make(
  "rollback",
  {
    name: Flags.projection,
    keepHours: Flags.keepHours,
    detach: Flags.detach,
    yes: Flags.yes,
    by: Flags.by
  },
  Effect.fn(function* ({ by, detach, keepHours, name, yes }) {
    yield* confirmed(`This puts back the tables that were last replaced in ${name}`, yes)
    const out = yield* output
    const request = { projection: name, kind: "rollback", by, keepHours } as const
    yield* Effect.provide(startAndWatch(request, detach, out), Connection.layer)
  })
).pipe(
  Command.withDescription(
    "Put back the tables that the last rebuild or roll-back replaced, brought up to date first. The ones that are live now are kept in their stead"
  ),
  Command.withShortDescription("Put back the tables that the last switch replaced"),
  Command.withExamples([{ command: "indelible projections rollback inbox" }])
)

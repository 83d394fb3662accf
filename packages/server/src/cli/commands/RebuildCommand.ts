import { Effect, Option } from "effect"
import { Command } from "effect/cli"
import { confirmed } from "../Confirmation.ts"
import * as Connection from "../Connection.ts"
import * as Flags from "../Flags.ts"
import { output } from "../Output.ts"
import { startAndWatch } from "../StartBuild.ts"

export const rebuildCommand = Command.make(
  "rebuild",
  {
    name: Flags.projection,
    rate: Flags.rate,
    keepHours: Flags.keepHours,
    detach: Flags.detach,
    yes: Flags.yes,
    by: Flags.by
  },
  Effect.fn(function* ({ by, detach, keepHours, name, rate, yes }) {
    yield* confirmed(`This replaces the tables of ${name} by ones made anew`, yes)
    const out = yield* output
    const request = {
      projection: name,
      kind: "rebuild",
      by,
      maxRate: Option.getOrNull(rate),
      keepHours
    } as const
    yield* Effect.provide(startAndWatch(request, detach, out), Connection.layer)
  })
).pipe(
  Command.withDescription(
    "Make the tables of a projection anew and put them in the place of the live ones, while people go on reading these. Ctrl-C pauses it. Exit status 1: it failed or was cancelled"
  ),
  Command.withShortDescription("Make its tables anew and put them in place"),
  Command.withExamples([
    { command: "indelible projections rebuild inbox", description: "Ask, start, and watch until it is done" },
    { command: "indelible projections rebuild inbox --yes --detach", description: "From a script" },
    {
      command: "indelible projections rebuild inbox --rate 2000 --keep-hours 72",
      description: "Slowly, with three days to roll back"
    }
  ])
)

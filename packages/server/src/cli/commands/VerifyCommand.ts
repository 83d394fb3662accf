import { Effect, Option } from "effect"
import { Command } from "effect/cli"
import * as Connection from "../Connection.ts"
import * as Flags from "../Flags.ts"
import { output } from "../Output.ts"
import { startAndWatch } from "../StartBuild.ts"

export const verifyCommand = Command.make(
  "verify",
  { name: Flags.projection, rate: Flags.rate, detach: Flags.detach, by: Flags.by },
  Effect.fn(function* ({ by, detach, name, rate }) {
    const out = yield* output
    const request = { projection: name, kind: "verify", by, maxRate: Option.getOrNull(rate) } as const
    yield* Effect.provide(startAndWatch(request, detach, out), Connection.layer)
  })
).pipe(
  Command.withDescription(
    "Make the tables of a projection anew and compare them with the live ones, value by value; changes nothing. Exit status 1: they differ"
  ),
  Command.withShortDescription("Compare its tables with ones made anew; changes nothing"),
  Command.withExamples([
    { command: "indelible projections verify inbox", description: "Watch, and read the verdict" },
    {
      command: "indelible projections verify inbox --json | tail -1 | jq .comparison.differences",
      description: "The rows that differ, for a program"
    }
  ])
)

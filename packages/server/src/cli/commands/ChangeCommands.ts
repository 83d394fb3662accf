import type { Build } from "@indelible/projections/engine/build/Build"
import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { Effect, Option } from "effect"
import { Argument, Command } from "effect/cli"
import { buildView } from "../../operations/OperationViews.ts"
import { confirmed } from "../Confirmation.ts"
import * as Connection from "../Connection.ts"
import * as Flags from "../Flags.ts"
import { output } from "../Output.ts"
import { nameOf } from "../text/BuildText.ts"
import { counted } from "../text/Quantities.ts"

const tell = Effect.fnUntraced(function* (build: Build, text: string) {
  const out = yield* output
  yield* out.json ? out.document(buildView(build)) : out.lines([`${nameOf(build)} ${text}`])
})

const change = Effect.fnUntraced(function* (
  name: string,
  wanted: "pause" | "resume" | "cancel",
  by: string,
  text: string
) {
  const operations = yield* ProjectionOperations
  yield* tell(yield* operations.change(name, wanted, by), text)
}, Effect.provide(Connection.layer))

export const pauseCommand = Command.make("pause", { name: Flags.projection, by: Flags.by }, ({ by, name }) =>
  change(name, "pause", by, `is paused. \`indelible projections resume ${name}\` lets it go on.`)
).pipe(
  Command.withDescription("Pause what is being built for a projection; what it has made is kept"),
  Command.withExamples([{ command: "indelible projections pause inbox" }])
)

export const resumeCommand = Command.make(
  "resume",
  { name: Flags.projection, by: Flags.by },
  ({ by, name }) =>
    change(name, "resume", by, `goes on. \`indelible projections status ${name} --watch\` follows it.`)
).pipe(
  Command.withDescription("Go on with what is paused"),
  Command.withExamples([{ command: "indelible projections resume inbox" }])
)

export const cancelCommand = Command.make(
  "cancel",
  { name: Flags.projection, yes: Flags.yes, by: Flags.by },
  Effect.fn(function* ({ by, name, yes }) {
    yield* confirmed(`This ends the build for ${name} and removes what it has made`, yes)
    yield* change(name, "cancel", by, "is being cancelled; the live tables stay as they are.")
  })
).pipe(
  Command.withDescription("End what is being built for a projection and remove what it has made"),
  Command.withExamples([{ command: "indelible projections cancel inbox" }])
)

const expected = 'an integer from 1, or "none"'

const rateIn = (text: string) => {
  const [least, most] = Flags.rates
  const rate = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  return rate >= least && rate <= most ? Option.some(rate) : Option.none()
}

const limit = Argument.String("events/s").pipe(
  Argument.withDescription(`Events a second at most: ${expected}`),
  Argument.filterMap(
    (text): Option.Option<number | null> => (text === "none" ? Option.some(null) : rateIn(text)),
    () => expected
  )
)

export const throttleCommand = Command.make(
  "throttle",
  { name: Flags.projection, limit, by: Flags.by },
  Effect.fn(function* ({ by, limit, name }) {
    const build = yield* (yield* ProjectionOperations).throttle(name, limit, by)
    yield* tell(
      build,
      limit === null
        ? "goes as fast as it can while nobody writes."
        : `takes ${counted(limit, "event")} a second at most.`
    )
  }, Effect.provide(Connection.layer))
).pipe(
  Command.withDescription("Set how fast what is being built may go, from now on"),
  Command.withExamples([
    { command: "indelible projections throttle inbox 500", description: "500 events a second at most" },
    { command: "indelible projections throttle inbox none" }
  ])
)

import { InspectEvents } from "@indelible/application/store/InspectEvents"
import { Effect, Option } from "effect"
import { CliError, Command, Flag } from "effect/cli"
import { eventPageView } from "../../operations/OperationViews.ts"
import * as Connection from "../Connection.ts"
import * as Flags from "../Flags.ts"
import { output } from "../Output.ts"
import { eventLines } from "../text/EventText.ts"

const flags = {
  stream: Flags.stream,
  slice: Flags.integer("slice", [0, 255], "One of the 256 parts of the record, instead of a stream").pipe(
    Flag.optional
  ),
  after: Flags.integer(
    "after",
    [0, 999_999_999_999_999],
    "Position in the stream or slice to begin after (default 0)"
  ).pipe(Flag.withDefault(0)),
  limit: Flags.integer("limit", [1, 1_000], "How many at most (default 50)").pipe(Flag.withDefault(50))
}

type Input = Command.Command.Config.Infer<typeof flags>

const notOne = new CliError.ValidationError({
  message: "Say whose events: the id of a stream, or --slice with a number, and not both"
})

/** The reading that is meant; told before anything is asked of the database. */
const meant = Effect.fnUntraced(function* ({ after, limit, slice, stream }: Input) {
  if (Option.isSome(stream) === Option.isSome(slice)) return yield* notOne
  return Effect.flatMap(InspectEvents, (inspect) =>
    Option.match(stream, {
      onSome: (id) => inspect.ofStream(id, after, limit),
      onNone: () =>
        inspect.ofSlice(
          Option.getOrElse(slice, () => 0),
          after,
          limit
        )
    })
  )
})

const readCommand = Command.make(
  "read",
  flags,
  Effect.fn(function* (input) {
    const reading = yield* meant(input)
    const out = yield* output
    const found = yield* Effect.provide(reading, Connection.layer)
    if (out.json) return yield* out.document(eventPageView(found))
    if (found.events.length === 0) return yield* out.lines([`There are no events after ${input.after}.`])
    yield* out.lines(found.events.flatMap((event) => eventLines(event, out.style)))
    if (found.next !== null) yield* out.lines([`There are more: go on with --after ${found.next}.`])
  })
).pipe(
  Command.withDescription(
    "Events as they are recorded: place, time, type and version, who, and the facts as this program reads them. Content is never shown, only its size and the key it is under"
  ),
  Command.withShortDescription("Events of a stream or a slice, without content"),
  Command.withExamples([
    { command: "indelible events read conversation-6f1ce5d1-3a0b-8c4d-9e2f-0a1b2c3d4e5f" },
    {
      command: "indelible events read --slice 17 --after 4100 --limit 10",
      description: "Around a place that a log or a checkpoint names"
    }
  ])
)

export const eventsCommand = Command.make("events").pipe(
  Command.withDescription("Read the record"),
  Command.withSubcommands([readCommand])
)

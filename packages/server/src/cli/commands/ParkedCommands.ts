import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { Effect, Option } from "effect"
import { Command } from "effect/cli"
import { parkedView } from "../../operations/OperationViews.ts"
import { confirmed } from "../Confirmation.ts"
import * as Connection from "../Connection.ts"
import * as Flags from "../Flags.ts"
import { output } from "../Output.ts"
import { parkedListing } from "../text/ProjectionText.ts"
import { counted } from "../text/Quantities.ts"

export const parkedCommand = Command.make(
  "parked",
  { name: Flags.projection },
  Effect.fn(function* ({ name }) {
    const out = yield* output
    const parked = yield* (yield* ProjectionOperations).parked(name)
    if (out.json) return yield* out.document({ parked: parked.map(parkedView) })
    if (parked.length === 0) return yield* out.lines([`No stream is parked in ${name}.`])
    yield* out.lines(parkedListing(parked, out.style))
  }, Effect.provide(Connection.layer))
).pipe(
  Command.withDescription(
    "Streams that a projection does not follow for now, because one of their events could not be folded: which, since when and why, at most 1,000"
  ),
  Command.withShortDescription("Streams that it does not follow for now, and why"),
  Command.withExamples([{ command: "indelible projections parked inbox" }])
)

export const retryCommand = Command.make(
  "retry",
  { name: Flags.projection, stream: Flags.stream, yes: Flags.yes, by: Flags.by },
  Effect.fn(function* ({ by, name, stream, yes }) {
    if (Option.isNone(stream)) yield* confirmed(`This tries again all parked streams of ${name}`, yes)
    const out = yield* output
    const asked = yield* ProjectionOperations.pipe(
      Effect.flatMap((operations) => operations.retry(name, Option.getOrNull(stream), by)),
      Effect.provide(Connection.layer)
    )
    const told =
      asked === 0
        ? `No stream is parked in ${name}.`
        : `${counted(asked, "stream")} will be tried again in a moment; \`indelible projections parked ${name}\` lists those that still fail.`
    yield* out.json ? out.document({ asked }) : out.lines([told])
  })
).pipe(
  Command.withDescription(
    "Try a parked stream again, or all of them: after whatever was wrong with it was mended"
  ),
  Command.withShortDescription("Try parked streams again"),
  Command.withExamples([
    { command: "indelible projections retry inbox conversation-6f1ce5d1-3a0b-8c4d-9e2f-0a1b2c3d4e5f" },
    { command: "indelible projections retry inbox --yes", description: "All of them" }
  ])
)

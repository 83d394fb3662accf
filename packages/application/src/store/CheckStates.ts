import type { Aggregate } from "@indelible/domain/event/Aggregate"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { readEvent } from "@indelible/domain/event/EventCatalogue"
import { Effect, Result, Schema } from "effect"
import { drawStreams } from "./DrawStreams.ts"
import { EventLog } from "./EventLog.ts"
import { stateDifferences } from "./StateDifferences.ts"
import { StateFinding } from "./StateFinding.ts"
import type { StreamId } from "./StreamId.ts"

export const StatesChecked = Schema.Struct({
  /** Streams whose state was compared. */
  streams: Schema.Int,
  /** Events that were folded for it. */
  events: Schema.Int,
  findings: Schema.Array(StateFinding)
})
export type StatesChecked = typeof StatesChecked.Type

/** Events read at once: what bounds memory, however long a stream is. */
const pageLimit = 500

/** Goes through the events of one stream up to a position, and tells at the end what is wrong, if anything is. */
const checkStream = Effect.fnUntraced(function* <State, E extends DomainEvent>(
  { events: catalogue, evolve, initial, stored }: Aggregate<State, E>,
  streamId: StreamId,
  keptState: State,
  end: number,
  folded: () => void
) {
  const store = yield* EventLog
  const encode = Schema.encodeSync(stored.codec)
  const found = (finding: StateFinding) => finding
  let state = initial
  let pos = 0
  while (pos < end) {
    const page = yield* store.readStream(streamId, pos, Math.min(pageLimit, end - pos))
    if (page.length === 0) return found({ _tag: "EventMissing", streamId, pos: pos + 1 })
    for (const { header } of page) {
      const { facts, recordedAt, schemaVersion, streamPos, type } = header
      pos += 1
      if (streamPos !== pos) return found({ _tag: "EventMissing", streamId, pos })
      // Folds do with facts alone, by law: no key is needed, and destroyed ones are not missed.
      const event = readEvent(catalogue, type, schemaVersion, facts, null)
      if (Result.isFailure(event)) {
        const { reason } = event.failure
        return found({ _tag: "EventUnreadable", streamId, pos, type, schemaVersion, reason })
      }
      state = evolve(state, { ...event.success, pos, recordedAt })
      folded()
    }
  }
  const fields = stateDifferences(encode(keptState), encode(state))
  return fields.length === 0 ? undefined : found({ _tag: "StateDiffers", streamId, pos, fields })
})

/**
 * Folds a random sample of an aggregate's streams anew and compares what comes out with the state that is kept beside
 * each stream and that commands are decided on. Reads only, facts only; streams may grow meanwhile. What is wrong with a
 * stream is a finding and keeps no other from being checked; it fails when the store cannot be read.
 *
 * @param size how many streams, at most
 */
export const checkStates = Effect.fn("checkStates")(function* <State, E extends DomainEvent>(
  aggregate: Aggregate<State, E>,
  size: number
) {
  const store = yield* EventLog
  const findings: Array<StateFinding> = []
  let [streams, events] = [0, 0]
  for (const streamId of yield* drawStreams(aggregate.category, size)) {
    const finding = yield* Effect.gen(function* () {
      const [head] = yield* store.heads(aggregate, [streamId])
      if (head === undefined) return { _tag: "StreamDamaged", streamId } as const
      return yield* checkStream(aggregate, streamId, head.state, head.pos, () => {
        events += 1
      })
    }).pipe(
      Effect.catchIf(
        (error) => error.reason === "newer-program-wrote",
        () => Effect.succeed({ _tag: "StateOfNewerProgram", streamId } as const)
      ),
      // The store dies of what does not decode. Its words might quote what it read, so nobody is told them.
      Effect.catchDefect(() => Effect.succeed({ _tag: "StreamDamaged", streamId } as const))
    )
    streams += 1
    if (finding !== undefined) findings.push(finding)
  }
  const checked: StatesChecked = { streams, events, findings }
  return checked
})

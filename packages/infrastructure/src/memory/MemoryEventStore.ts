import { KeyVault } from "@indelible/application/keys/KeyVault"
import type { LogReading } from "@indelible/application/store/EventLog"
import { EventOpener } from "@indelible/application/store/EventOpener"
import {
  type CommandMeta,
  EventStore,
  type Executed,
  type ExecuteError
} from "@indelible/application/store/EventStore"
import { LogCorrupted, Unavailable } from "@indelible/application/store/EventStoreError"
import { outlineOf, type StoredEvent, tagOf } from "@indelible/application/store/StoredEvent"
import type { StreamId } from "@indelible/application/store/StreamId"
import type { Aggregate } from "@indelible/domain/event/Aggregate"
import type { Decider } from "@indelible/domain/event/Decider"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Clock, Deferred, Effect, Layer, Result } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { nonceLength } from "../envelope/Body.ts"
import { sliceCount } from "../envelope/SliceOf.ts"
import { commandKeyOf } from "../eventstore/CommandKey.ts"
import { sealingKey } from "../eventstore/SealingKey.ts"
import { beforeTheFirst, type StreamPosition, stateAt } from "../eventstore/StreamPosition.ts"
import { mostEventsOfACommand, type Submission, submit, tokenAt } from "../eventstore/Submission.ts"

interface Log {
  readonly slices: ReadonlyArray<Array<StoredEvent>>
  readonly streams: Map<StreamId, { position: StreamPosition; readonly events: Array<StoredEvent> }>
  readonly participants: Map<string, Set<StreamId>>
}

const emptyLog = (): Log => ({
  slices: Array.from({ length: sliceCount }, () => []),
  streams: new Map(),
  participants: new Map()
})

interface Headed {
  readonly streamId: StreamId
  readonly newest: StoredEvent
  readonly position: StreamPosition
}

const headed = (log: Log, streams: ReadonlyArray<StreamId>): ReadonlyArray<Headed> =>
  streams.flatMap((streamId) => {
    const stream = log.streams.get(streamId)
    const newest = stream?.events.at(-1)
    return stream === undefined || newest === undefined
      ? []
      : [{ streamId, newest, position: stream.position }]
  })

const headOf = <State, E extends DomainEvent>(
  aggregate: Aggregate<State, E>,
  { newest, position, streamId }: Headed
) =>
  Result.match(stateAt(aggregate, position), {
    onFailure: (cause) => Effect.fail(new Unavailable({ reason: "newer-program-wrote", cause })),
    onSuccess: (state) =>
      Effect.succeed({
        streamId,
        pos: position.pos,
        slice: newest.slice,
        slicePos: newest.slicePos,
        tag: tagOf(newest),
        state
      })
  })

/** Decides and appends in one turn of the event loop, so commands never meet half way. */
const append = (
  log: Log,
  submission: Submission,
  now: number,
  nonces: () => Uint8Array
): Effect.Effect<void> => {
  const slice = log.slices[submission.slice] ?? []
  const stream = log.streams.get(submission.stream) ?? { position: beforeTheFirst, events: [] }
  const token = () => tokenAt(submission.slice, slice.length)
  const known = stream.events.filter(({ header }) => header.commandKey === submission.commandKey)
  if (known.length > 0) return submission.answerFromLog(known, token())
  const decided = submission.decideOn(stream.position, now, nonces)
  if (decided._tag !== "Events") return Effect.sync(() => decided.confirm(token()))
  const stored = decided.sealed.map((sealed, i) => ({
    ...sealed,
    slice: submission.slice,
    slicePos: slice.length + i + 1,
    streamId: submission.stream
  }))
  slice.push(...stored)
  stream.events.push(...stored)
  stream.position = decided.next
  log.streams.set(submission.stream, stream)
  for (const subject of decided.joining) {
    log.participants.set(subject, (log.participants.get(subject) ?? new Set()).add(submission.stream))
  }
  return Effect.sync(() => decided.confirm(stored, token()))
}

/** The log in this process's memory: for tests and schedules of thousands of runs, gone with the process. */
export const layer = Layer.effect(
  EventStore,
  Effect.gen(function* () {
    const vault = yield* KeyVault
    const opener = yield* EventOpener
    const random = yield* SecureRandom
    const log = emptyLog()
    const execute = Effect.fnUntraced(function* <State, Command, E extends DomainEvent, Refusal>(
      decider: Decider<State, Command, E, Refusal>,
      stream: StreamId,
      command: Command,
      meta: CommandMeta
    ) {
      const now = yield* Clock.currentTimeMillis
      const contentKey = yield* sealingKey(vault, meta.actor, now)
      const nonces = yield* random.randomBytes(nonceLength * mostEventsOfACommand)
      let used = 0
      const freshNonce = () => nonces.subarray(nonceLength * used, nonceLength * ++used)
      const answered = Deferred.makeUnsafe<Executed<E>, Refusal | ExecuteError>()
      const submission = submit(
        decider,
        stream,
        command,
        meta,
        contentKey,
        { node: "memory", opener },
        (outcome) => Deferred.doneUnsafe(answered, outcome)
      )
      yield* append(log, submission, now, freshNonce)
      return yield* Deferred.await(answered)
    })
    const readSlices: LogReading["readSlices"] = (cursors, limit) =>
      Effect.suspend(() => {
        const events: Array<StoredEvent> = []
        for (const { after, slice } of cursors) {
          const all = log.slices[slice] ?? []
          if (after > all.length)
            return Effect.fail(new LogCorrupted({ slice, expected: after, found: all.length }))
          events.push(...all.slice(after, after + limit - events.length))
        }
        return Effect.succeed(events)
      })
    return EventStore.of({
      execute,
      readStream: (stream, after, limit) =>
        Effect.sync(() => (log.streams.get(stream)?.events ?? []).slice(after, after + limit)),
      readSlices,
      outlineSlices: (cursors, limit) =>
        Effect.map(readSlices(cursors, limit), (events) => events.map(outlineOf)),
      readEvents: (places) =>
        Effect.forEach(places, ({ slice, slicePos }) => {
          const event = log.slices[slice]?.[slicePos - 1]
          return event === undefined
            ? Effect.fail(new LogCorrupted({ slice, expected: slicePos, found: 0 }))
            : Effect.succeed(event)
        }),
      sliceHeads: Effect.sync(() => log.slices.map((events, slice) => ({ slice, after: events.length }))),
      oldestAfter: (cursors) =>
        Effect.sync(() => {
          const times = cursors.flatMap(({ after, slice }) => {
            const next = log.slices[slice]?.[after]
            return next === undefined ? [] : [Date.parse(next.header.recordedAt)]
          })
          return times.length === 0 ? null : new Date(Math.min(...times))
        }),
      readStreams: (parts) =>
        Effect.sync(() =>
          parts.flatMap(({ after, limit, stream }) =>
            (log.streams.get(stream)?.events ?? []).slice(after, after + limit)
          )
        ),
      heads: (aggregate, streams) =>
        Effect.suspend(() => Effect.forEach(headed(log, streams), (found) => headOf(aggregate, found))),
      headsOf: (aggregate, subjects, limit) =>
        Effect.suspend(() =>
          Effect.forEach(
            subjects.flatMap((subject) => {
              const own = [...(log.participants.get(subject) ?? [])].slice(0, limit)
              const ofKind = own.filter((id) => id.startsWith(`${aggregate.category}-`))
              return headed(log, ofKind).map((found) => ({ ...found, subject }))
            }),
            (found) => Effect.map(headOf(aggregate, found), (head) => ({ ...head, subject: found.subject }))
          )
        ),
      sampleStreams: (category, starts, perSlice) =>
        Effect.sync(() =>
          starts.flatMap(({ from, slice }) => {
            const ids = new Set((log.slices[slice] ?? []).map(({ streamId }) => streamId))
            const ring = [...ids].filter((id) => id.startsWith(`${category}-`)).sort()
            const at = ring.filter((id) => id < `${category}-${from}`).length
            return [...ring.slice(at), ...ring.slice(0, at)].slice(0, perSlice)
          })
        ),
      holdsCommand: (stream, actor, commandId) =>
        Effect.sync(() => {
          const key = commandKeyOf(actor, commandId)
          return log.streams.get(stream)?.events.some(({ header }) => header.commandKey === key) ?? false
        }),
      streamsOf: (subject) => Effect.sync(() => [...(log.participants.get(subject) ?? [])]),
      shareStream: (one, other) =>
        Effect.sync(() => {
          const theirs = log.participants.get(other)
          return [...(log.participants.get(one) ?? [])].some((stream) => theirs?.has(stream) === true)
        })
    })
  })
)

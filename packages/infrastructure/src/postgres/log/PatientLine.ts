import type { StreamId } from "@indelible/application/store/StreamId"
import { Effect, Queue } from "effect"
import { type BatchSurroundings, dropExpired, monotonic, runBatch } from "./Batch.ts"
import { batchLimit } from "./Lane.ts"
import type { LogConnection } from "./LogConnection.ts"
import { patienceLimit, type Ticket } from "./Ticket.ts"

/** Milliseconds that one call waits for one lock. */
const longestWait = 1_000

export interface PatientLine {
  /** From now on the stream's commands wait here. */
  readonly hold: (stream: StreamId) => void
  /** Takes the ticket in if its stream is held; false if it is not. */
  readonly join: (ticket: Ticket) => boolean
  readonly expire: (now: number) => void
  /** Works off held streams on a connection of its own, one at a time, until interrupted. */
  readonly run: (connection: LogConnection) => Effect.Effect<never>
}

/**
 * Where commands wait whose stream or slice someone else holds: on connections of their own, so that the lanes go on
 * without them. Streams take turns; a stream whose lock was had goes back to its lane.
 */
export const make = Effect.fnUntraced(function* (
  surroundings: BatchSurroundings,
  backToLane: (tickets: ReadonlyArray<Ticket>) => void
) {
  const held = new Map<StreamId, Array<Ticket>>()
  const turns = yield* Queue.unbounded<StreamId>()

  const workOff = Effect.fnUntraced(function* (connection: LogConnection, stream: StreamId) {
    const now = yield* monotonic
    const waiting = dropExpired(held.get(stream) ?? [], now, surroundings.settlement)
    const batch = waiting.slice(0, batchLimit)
    // What arrives during the call queues behind it.
    held.set(stream, waiting.slice(batchLimit))
    const [first] = batch
    let redo: ReadonlyArray<Ticket> = []
    let before = 0
    if (first !== undefined) {
      const left = patienceLimit - (now - (first.doubtfulSince ?? first.acceptedAt))
      before = first.turnedAway
      redo = yield* runBatch(
        connection,
        batch,
        Math.max(1, Math.min(longestWait, Math.floor(left))),
        surroundings
      )
    }
    const rest = dropExpired(
      [...redo, ...(held.get(stream) ?? [])],
      yield* monotonic,
      surroundings.settlement
    )
    const stillTaken = redo.some(({ turnedAway }) => turnedAway > before)
    if (stillTaken && rest.length > 0) {
      held.set(stream, rest)
      yield* Queue.offer(turns, stream)
      return
    }
    held.delete(stream)
    for (const ticket of rest) ticket.turnedAway = 0
    backToLane(rest)
  })

  return {
    hold: (stream) => {
      if (held.has(stream)) return
      held.set(stream, [])
      Queue.offerUnsafe(turns, stream)
    },
    join: (ticket) => {
      const waiting = held.get(ticket.submission.stream)
      waiting?.push(ticket)
      return waiting !== undefined
    },
    expire: (now) => {
      for (const [stream, waiting] of held)
        held.set(stream, dropExpired(waiting, now, surroundings.settlement))
    },
    run: (connection) =>
      Effect.forever(Effect.flatMap(Queue.take(turns), (stream) => workOff(connection, stream)))
  } satisfies PatientLine
})

import type { StreamId } from "@indelible/application/store/StreamId"
import { Effect, Queue } from "effect"
import { type BatchSurroundings, runBatch } from "./Batch.ts"
import type { LogConnection } from "./LogConnection.ts"
import { nextBatch } from "./NextBatch.ts"
import type { Ticket } from "./Ticket.ts"
import { dropExpired, monotonic } from "./Waiting.ts"

/** Milliseconds that one call waits for one lock. Then the next lock in the line has its turn. */
const longestWait = 250

/** What someone else holds: a stream's row, or a slice. */
type Taken = StreamId | number

export interface PatientLine {
  /** From now on what the ticket found taken is waited for here, by it and by all who need the same. */
  readonly hold: (ticket: Ticket) => void
  /** Takes the ticket in if its stream or slice is waited for; false if neither is. */
  readonly join: (ticket: Ticket) => boolean
  readonly expire: (now: number) => void
  /** Works off the line on a connection of its own, one lock at a time, until interrupted. */
  readonly run: (connection: LogConnection) => Effect.Effect<never>
}

/**
 * Where commands wait whose stream's row or slice someone else holds: on connections of their own, so that the lanes go
 * on without them. All that need one lock wait for it together and go through in one call when it is had, so that many
 * streams of a slice held for long take no more turns than one. What was had goes back to its lane.
 */
export const make = Effect.fnUntraced(function* (
  surroundings: BatchSurroundings,
  backToLane: (tickets: ReadonlyArray<Ticket>) => void
) {
  const { settlement } = surroundings
  const held = new Map<Taken, Array<Ticket>>()
  const turns = yield* Queue.unbounded<Taken>()

  const hold: PatientLine["hold"] = ({ submission, taken }) => {
    const lock = taken === "slice" ? submission.slice : submission.stream
    if (held.has(submission.stream) || held.has(lock)) return
    held.set(lock, [])
    Queue.offerUnsafe(turns, lock)
  }

  const join: PatientLine["join"] = (ticket) => {
    const { slice, stream } = ticket.submission
    const waiting = held.get(stream) ?? held.get(slice)
    if (waiting === undefined) return false
    ticket.taken = held.has(stream) ? "row" : "slice"
    ticket.turnedAway = 0
    waiting.push(ticket)
    return true
  }

  const workOff = Effect.fnUntraced(function* (connection: LogConnection, lock: Taken) {
    const now = yield* monotonic
    const { batch, left } = nextBatch(dropExpired(held.get(lock) ?? [], now, settlement))
    // What arrives during the call queues behind it.
    held.set(lock, left)
    const redo = yield* runBatch(connection, batch, longestWait, surroundings)
    const rest = dropExpired([...redo, ...(held.get(lock) ?? [])], yield* monotonic, settlement)
    const turnedAway = rest.filter((ticket) => ticket.turnedAway > 0)
    held.delete(lock)
    // Those whose row was taken in a slice that was had wait for the row alone, and so do those behind them.
    for (const ticket of turnedAway) hold(ticket)
    backToLane(rest.filter((ticket) => !join(ticket)))
  })

  return {
    hold,
    join,
    expire: (now) => {
      for (const [lock, waiting] of held) held.set(lock, dropExpired(waiting, now, settlement))
    },
    run: (connection) =>
      Effect.forever(Effect.flatMap(Queue.take(turns), (lock) => workOff(connection, lock)))
  } satisfies PatientLine
})

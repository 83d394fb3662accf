import { Effect, Latch } from "effect"
import { type BatchSurroundings, runBatch } from "./Batch.ts"
import type { LogConnection } from "./LogConnection.ts"
import { nextBatch } from "./NextBatch.ts"
import type { PatientLine } from "./PatientLine.ts"
import type { Ticket } from "./Ticket.ts"
import { dropExpired, monotonic } from "./Waiting.ts"

export interface Lane {
  readonly push: (ticket: Ticket) => void
  /** Puts tickets before all others. */
  readonly unshift: (tickets: ReadonlyArray<Ticket>) => void
  /** Answers those that have waited too long for their first call. */
  readonly expire: (now: number) => void
  /** Works until interrupted. */
  readonly run: Effect.Effect<never>
}

/**
 * A line of commands with one call in flight: while it is, the next batch gathers, so the busier it is, the more
 * commands share a commit. The slices are dealt out among the lanes, so a stream is always in the same one.
 */
export const make = (
  connection: LogConnection,
  patient: PatientLine,
  surroundings: BatchSurroundings
): Lane => {
  let waiting: Array<Ticket> = []
  const some = Latch.makeUnsafe(false)

  const unshift: Lane["unshift"] = (tickets) => {
    if (tickets.length === 0) return
    waiting = [...tickets, ...waiting]
    some.openUnsafe()
  }

  const takeBatch = (): ReadonlyArray<Ticket> => {
    const { batch, left } = nextBatch(waiting.filter((ticket) => !patient.join(ticket)))
    waiting = left
    if (left.length === 0) some.closeUnsafe()
    return batch
  }

  const step = Effect.gen(function* () {
    yield* some.await
    // Those who are answered by the last call, and ask again at once, come into this one together.
    yield* Effect.yieldNow
    const batch = takeBatch()
    if (batch.length === 0) return
    const redo = yield* runBatch(connection, batch, 0, surroundings)
    const now = yield* monotonic
    // Unfinished commands come before any later command of their stream. What was found taken twice is waited for
    // elsewhere, and so are the commands behind it.
    for (const ticket of redo) if (ticket.turnedAway >= 2) patient.hold(ticket)
    const again = redo.filter((ticket) => !patient.join(ticket))
    unshift(dropExpired(again, now, surroundings.settlement))
  })

  return {
    push: (ticket) => {
      waiting.push(ticket)
      some.openUnsafe()
    },
    unshift,
    expire: (now) => {
      waiting = dropExpired(waiting, now, surroundings.settlement)
    },
    run: Effect.forever(step)
  }
}

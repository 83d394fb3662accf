import { Clock, Effect } from "effect"
import { expiry, type Settlement, type Ticket } from "./Ticket.ts"

/** Monotonic milliseconds: waiting is measured on a clock that nobody sets. */
export const monotonic = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos / 1_000_000n))

/** Answers those that have waited too long; returns the others. */
export const dropExpired = (
  tickets: ReadonlyArray<Ticket>,
  now: number,
  settlement: Settlement
): Array<Ticket> =>
  tickets.filter((ticket) => {
    const error = expiry(ticket, now)
    if (error !== null) settlement.failed(ticket, error)
    return error === null
  })

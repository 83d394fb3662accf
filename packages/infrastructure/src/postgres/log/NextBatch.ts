import type { StreamId } from "@indelible/application/store/StreamId"
import type { Ticket } from "./Ticket.ts"

/** Commands in one call at most. */
export const batchLimit = 200

/**
 * What the next call takes of those who wait, in their order, and what is left for later. A command that was held back
 * by a repeat in its call goes on without those behind it: else a sender that repeats old commands without end would
 * hold back everybody else's of that stream without end.
 */
export const nextBatch = (
  waiting: ReadonlyArray<Ticket>
): { readonly batch: ReadonlyArray<Ticket>; readonly left: Array<Ticket> } => {
  const batch: Array<Ticket> = []
  const left: Array<Ticket> = []
  const goingAhead = new Set<StreamId>()
  for (const ticket of waiting) {
    const { stream } = ticket.submission
    if (ticket.heldBack) goingAhead.add(stream)
    if (batch.length < batchLimit && (ticket.heldBack || !goingAhead.has(stream))) batch.push(ticket)
    else left.push(ticket)
  }
  return { batch, left }
}

import { OutcomeUnknown } from "@indelible/application/store/EventStoreError"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { tokenAt } from "../../eventstore/Submission.ts"
import type { Verdict } from "./AppendCall.ts"
import type { StateCache } from "./StateCache.ts"
import type { StreamPlan } from "./StreamPlan.ts"
import type { Settlement, Ticket } from "./Ticket.ts"

/** Answers those whom the verdict settles; returns those who must be decided again, in order. */
export const settleStream = (
  plan: StreamPlan,
  verdict: Verdict,
  { cache, settlement }: { readonly cache: StateCache; readonly settlement: Settlement }
): ReadonlyArray<Ticket> => {
  const { decisions, slice, stream } = plan
  const tickets = decisions.map(({ ticket }) => ticket)
  switch (verdict._tag) {
    case "Ok": {
      cache.set(stream, plan.next)
      let slicePos = verdict.slicePos
      const reached = tokenAt(slice, plan.events.length === 0 ? slicePos : slicePos + plan.events.length - 1)
      for (const { decided, ticket } of decisions) {
        if (decided._tag === "Events") {
          const stored = decided.sealed.map(
            (sealed): StoredEvent => ({ ...sealed, slice, slicePos: slicePos++, streamId: stream })
          )
          settlement.appended(ticket, decided, stored, tokenAt(slice, slicePos - 1))
        } else if (ticket.doubtfulSince === null) {
          settlement.unchanged(ticket, decided, reached)
        } else {
          // Its first copy may still be on its way to the log and be saved: only "unknown" is true.
          settlement.failed(ticket, new OutcomeUnknown({ commandKey: ticket.submission.commandKey }))
        }
      }
      return []
    }
    case "Moved":
      cache.set(stream, verdict.position)
      return tickets
    case "Known": {
      cache.set(stream, verdict.position)
      const stored = Map.groupBy(verdict.events, ({ header }) => header.commandKey)
      return tickets.filter((ticket) => {
        const own = stored.get(ticket.submission.commandKey)
        if (own !== undefined)
          settlement.known(ticket, own, tokenAt(slice, own.at(-1)?.slicePos ?? verdict.slicePos))
        ticket.heldBack = own === undefined
        return ticket.heldBack
      })
    }
    case "Busy":
      for (const ticket of tickets) {
        ticket.turnedAway += 1
        ticket.taken = verdict.taken
      }
      return tickets
    case "Unreadable":
      for (const ticket of tickets) settlement.died(ticket, verdict.defect)
      return []
  }
}

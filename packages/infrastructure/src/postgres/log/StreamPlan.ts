import type { StreamId } from "@indelible/application/store/StreamId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import type { SealedEvent } from "../../envelope/SealEvent.ts"
import type { StreamPosition } from "../../eventstore/StreamPosition.ts"
import { type Decided, mostEventsOfACommand } from "../../eventstore/Submission.ts"
import type { StreamRequest } from "./AppendCall.ts"
import type { StateCache } from "./StateCache.ts"
import type { Settlement, Ticket } from "./Ticket.ts"

/** The commands of one stream in a call, decided one after the other. */
export interface StreamPlan extends StreamRequest {
  readonly decisions: ReadonlyArray<{ readonly ticket: Ticket; readonly decided: Decided }>
  /** Those that must not share this call, in order: they come after it. */
  readonly later: ReadonlyArray<Ticket>
}

/** A command is decided twice at most, see `standsAlone`. */
export const noncesOfACommand = 2 * mostEventsOfACommand

/**
 * Whether a command may share a call with commands before it: only if it would write something without them too. A call
 * may arrive long after its answer was given up for lost; what shuts it out is that its commands, repeated one by one,
 * each write. One that is refused by itself (a message before the start of its conversation) would be refused in good
 * faith, and then saved by the late call.
 */
const standsAlone = (
  { submission }: Ticket,
  decided: Decided,
  first: boolean,
  guess: StreamPosition,
  now: number,
  freshNonce: () => Uint8Array
): boolean =>
  first || decided._tag !== "Events" || submission.decideOn(guess, now, freshNonce)._tag === "Events"

/** Decides the commands of one stream on what we believe of it. Nothing is answered yet. */
export const planStream = (
  stream: StreamId,
  tickets: ReadonlyArray<Ticket>,
  now: number,
  freshNonce: () => Uint8Array,
  { cache, settlement }: { readonly cache: StateCache; readonly settlement: Settlement }
): StreamPlan => {
  const guess = cache.get(stream)
  let position = guess
  const events: Array<SealedEvent> = []
  const joining: Array<SubjectId> = []
  const decisions: Array<StreamPlan["decisions"][number]> = []
  const later: Array<Ticket> = []
  for (const ticket of tickets) {
    if (later.length > 0) {
      later.push(ticket)
      continue
    }
    try {
      const decided = ticket.submission.decideOn(position, now, freshNonce)
      if (!standsAlone(ticket, decided, position === guess, guess, now, freshNonce)) {
        later.push(ticket)
        continue
      }
      if (decided._tag === "Events") {
        position = decided.next
        events.push(...decided.sealed)
        joining.push(...decided.joining)
      }
      decisions.push({ ticket, decided })
    } catch (defect) {
      // A bug in one decider, or a damaged state, is that command's end and not the lane's.
      settlement.died(ticket, defect)
    }
  }
  const commandKeys = decisions.map(({ ticket }) => ticket.submission.commandKey)
  const slice = tickets[0]?.submission.slice ?? 0
  return {
    stream,
    slice,
    expected: guess.pos,
    next: position,
    commandKeys,
    events,
    joining,
    decisions,
    later
  }
}

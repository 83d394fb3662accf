import type { ExecuteError } from "@indelible/application/store/EventStore"
import { Busy, OutcomeUnknown } from "@indelible/application/store/EventStoreError"
import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import type { Decided, Submission } from "../../eventstore/Submission.ts"

/** How long a command may wait for others, and how long a lost answer may take to settle, in milliseconds. */
export const patienceLimit = 2_000

export type Appending = Extract<Decided, { readonly _tag: "Events" }>

/** A command in the intake, from acceptance to its answer. */
export interface Ticket {
  readonly submission: Submission
  /** Monotonic milliseconds. */
  readonly acceptedAt: number
  /** How often its slice or its stream's row was found taken. */
  turnedAway: number
  /** Which of the two it was, the last time. */
  taken: "slice" | "row"
  /** Nothing of its stream was appended, because another command of the call was in the log already. */
  heldBack: boolean
  /** Since when an answer of the log to this very command is missing; null while none is. */
  doubtfulSince: number | null
  /** What those calls asked to append: found in the log, it is this command's own, and no repeat. */
  readonly lost: Array<Appending>
  /** The same command id again, while this one is on its way: they get its answer, or their own turn. */
  readonly followers: Array<Submission>
  /** It has its answer. */
  answered: boolean
}

/** How tickets end. Each ends exactly once: what is said of one that is answered already goes unheard. */
export interface Settlement {
  /** Its events are in the log, written by this call. */
  readonly appended: (
    ticket: Ticket,
    decided: Appending,
    stored: ReadonlyArray<StoredEvent>,
    token: PositionToken
  ) => void
  /** Its key was in the log already. */
  readonly known: (ticket: Ticket, stored: ReadonlyArray<StoredEvent>, token: PositionToken) => void
  /** It writes nothing, and the log has confirmed the state that says so. */
  readonly unchanged: (
    ticket: Ticket,
    decided: Exclude<Decided, { readonly _tag: "Events" }>,
    token: PositionToken
  ) => void
  readonly failed: (ticket: Ticket, error: ExecuteError) => void
  readonly died: (ticket: Ticket, defect: unknown) => void
}

/**
 * The error of a ticket that has waited long enough, or null. One whose first call may yet be saved never gets a
 * refusal, not even "busy".
 */
export const expiry = (
  { acceptedAt, doubtfulSince, submission }: Ticket,
  now: number
): ExecuteError | null => {
  if (now - (doubtfulSince ?? acceptedAt) < patienceLimit) return null
  return doubtfulSince === null
    ? new Busy({ streamId: submission.stream })
    : new OutcomeUnknown({ commandKey: submission.commandKey })
}

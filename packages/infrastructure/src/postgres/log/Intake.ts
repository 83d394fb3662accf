import { OutcomeUnknown } from "@indelible/application/store/EventStoreError"
import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import type { Effect } from "effect"
import type { SealedEvent } from "../../envelope/SealEvent.ts"
import type { Submission } from "../../eventstore/Submission.ts"
import type { Settlement, Ticket } from "./Ticket.ts"

export interface Intake {
  /** Takes a place; false: all are taken. */
  readonly enter: () => boolean
  /** Gives back a place that no submission was accepted in. */
  readonly leave: () => void
  /** In a place that was taken before. */
  readonly accept: (submission: Submission, now: number) => void
  readonly settlement: Settlement
}

interface IntakeOptions {
  /** Commands on their way at most, those that wait for a key among them. */
  readonly capacity: number
  /** Hands a ticket to the lane of its slice. */
  readonly enqueue: (ticket: Ticket) => void
  /** Called after events of a slice became durable: readers may want to know. */
  readonly appended: (slice: number) => void
  /** Runs work that belongs to no lane, such as comparing a repeated command with the log. */
  readonly fork: (work: Effect.Effect<void>) => void
}

/** The header's hash tells our own event from one that another node made of the same command. */
const sameEvent = (ours: SealedEvent | undefined, theirs: StoredEvent | undefined) =>
  ours !== undefined && theirs !== undefined && Buffer.compare(ours.headerHash, theirs.headerHash) === 0

/**
 * The bounded way in, and the one place where tickets end. A command id that is already on its way is not sent again:
 * the later copy waits for the first.
 */
export const make = ({ appended, capacity, enqueue, fork }: IntakeOptions): Intake => {
  const onTheirWay = new Map<string, Ticket>()
  let size = 0
  const nameOf = ({ commandKey, stream }: Submission) => `${stream} ${commandKey}`

  const open = (submission: Submission, acceptedAt: number, followers: Array<Submission>) => {
    const ticket: Ticket = {
      submission,
      acceptedAt,
      turnedAway: 0,
      taken: "slice",
      heldBack: false,
      doubtfulSince: null,
      lost: [],
      followers,
      answered: false
    }
    onTheirWay.set(nameOf(submission), ticket)
    enqueue(ticket)
  }

  /** Ends a ticket, if nothing has yet; it and each of its followers must then be answered by the caller. */
  const close = (ticket: Ticket): boolean => {
    if (ticket.answered) return false
    ticket.answered = true
    onTheirWay.delete(nameOf(ticket.submission))
    size -= 1 + ticket.followers.length
    return true
  }

  const answerFromLog = (
    submissions: ReadonlyArray<Submission>,
    stored: ReadonlyArray<StoredEvent>,
    token: PositionToken
  ) => {
    for (const submission of submissions) fork(submission.answerFromLog(stored, token))
  }

  const settlement: Settlement = {
    appended: (ticket, decided, stored, token) => {
      if (!close(ticket)) return
      decided.confirm(stored, token)
      answerFromLog(ticket.followers, stored, token)
      appended(ticket.submission.slice)
    },
    known: (ticket, stored, token) => {
      const own = ticket.lost.find(({ sealed }) => sameEvent(sealed[0], stored[0]))
      if (own !== undefined) return settlement.appended(ticket, own, stored, token)
      if (!close(ticket)) return
      answerFromLog([ticket.submission, ...ticket.followers], stored, token)
    },
    unchanged: (ticket, decided, token) => {
      const [next, ...others] = ticket.followers
      if (!close(ticket)) return
      if (decided._tag === "Nothing") decided.confirm(token)
      else decided.confirm()
      // The log does not remember a command that wrote nothing: the copy has a turn of its own.
      if (next === undefined) return
      size += ticket.followers.length
      open(next, ticket.acceptedAt, others)
    },
    failed: (ticket, error) => {
      if (!close(ticket)) return
      for (const submission of [ticket.submission, ...ticket.followers]) submission.fail(error)
    },
    died: (ticket, defect) => {
      const unknown = new OutcomeUnknown({ commandKey: ticket.submission.commandKey })
      // One whose first call may yet be saved is not told that it failed.
      if (ticket.doubtfulSince !== null) return settlement.failed(ticket, unknown)
      if (!close(ticket)) return
      ticket.submission.die(defect)
      for (const submission of ticket.followers) {
        submission.fail(new OutcomeUnknown({ commandKey: submission.commandKey }))
      }
    }
  }

  return {
    enter: () => {
      if (size >= capacity) return false
      size += 1
      return true
    },
    leave: () => {
      size -= 1
    },
    accept: (submission, acceptedAt) => {
      const first = onTheirWay.get(nameOf(submission))
      if (first === undefined) open(submission, acceptedAt, [])
      else first.followers.push(submission)
    },
    settlement
  }
}

import { type Attempt as Checked, type Sends, tally as tallyOf } from "../../faults/checker/Sends.ts"
import type { Outcome } from "./Outcome.ts"

/** A note to be written. The text of every command is its own, so that a note tells whose it is. */
export interface Command {
  readonly stream: string
  readonly actor: string
  readonly commandId: string
  readonly text: string
}

/** Under what the log knows a command. */
export const keyOf = ({ actor, commandId }: Command) => `${actor}/${commandId}`

/** One call of one process. Times are milliseconds on the machine's monotonic clock, which all processes share. */
export interface Attempt extends Command {
  readonly process: string
  readonly began: number
  /** Infinity when no answer came. */
  readonly ended: number
  readonly outcome: Outcome
}

/** An event as a reader of the log finds it. */
export interface LoggedEvent {
  readonly slice: number
  readonly slicePos: number
  readonly stream: string
  readonly pos: number
  readonly key: string
  /** Place among the events of its command. */
  readonly ordinal: number
  /** Number and text of the note; null for another event. */
  readonly note: { readonly seq: number; readonly text: string | null } | null
  readonly recordedAt: string
  readonly tag: string
}

export interface Run {
  readonly attempts: ReadonlyArray<Attempt>
  /** The whole log, each slice from its first event to its last, in the order it was read. */
  readonly log: ReadonlyArray<LoggedEvent>
  /** What readers saw on the way, each slice in the order it was seen. */
  readonly seen?: ReadonlyArray<Pick<LoggedEvent, "slice" | "slicePos" | "tag">>
}

export const now = () => Number(process.hrtime.bigint()) / 1e6

/** An attempt in the terms of the checker. */
export const attemptOf = ({ outcome, text, ...attempt }: Attempt): Checked => ({
  process: attempt.process,
  stream: attempt.stream,
  key: keyOf({ ...attempt, text }),
  content: text,
  began: attempt.began,
  ended: attempt.ended,
  outcome: outcome._tag === "Ok" ? { ...outcome, content: outcome.text } : outcome
})

/** A run in the terms of the checker. */
export const sendsOf = ({ attempts, log, seen }: Run): Sends => ({
  attempts: attempts.map(attemptOf),
  log: log.map(({ note, ...event }) => ({
    ...event,
    message: note === null ? null : { seq: note.seq, content: note.text }
  })),
  ...(seen !== undefined && { seen })
})

/** How often what happened: a run in which nothing was retried has shown nothing. */
export const tally = (attempts: ReadonlyArray<Attempt>) => tallyOf(attempts.map(attemptOf))

import { createHash } from "node:crypto"
import type { Line, Sitting, Talk } from "./Talk.ts"

type Side = Line["by"]

/** One thing that somebody does at its time. */
export type Step = {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly talk: Talk
  readonly by: Side
} & (
  | { readonly _tag: "Start" | "Read" | "Deliver" | "Archive" }
  | {
      readonly _tag: "Say"
      readonly text: string
      readonly clientMessageId: string
      /** An answer: what came before it was read. */
      readonly reads: boolean
    }
)

const minute = 60_000
const day = 1_440 * minute

const digestOf = (name: string) => createHash("sha256").update(`demo/${name}`).digest("hex")

/** The same at every run, so that a message that was said is not said again. */
export const idOf = (name: string): string => {
  const hex = digestOf(name)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32)
  ].join("-")
}

const otherOf = (side: Side): Side => (side === "business" ? "worker" : "business")

const beginOf = ({ when }: Sitting, now: number): number => {
  if ("minutesAgo" in when) return now - when.minutesAgo * minute
  const midnight = Math.floor(now / day) * day - when.daysAgo * day
  const [hours = 0, minutes = 0] = when.time.split(":").map(Number)
  return midnight + (hours * 60 + minutes) * minute
}

/** How long one takes to see what came, and to write a line: by its length, and as people are never the same. */
const pauseBefore = (name: string, text: string) =>
  (15 + Math.min(100, text.length * 0.6) + (Number.parseInt(digestOf(name).slice(0, 4), 16) % 70)) * 1_000

/** What the reader of the last lines does with them. */
const endingOf = (talk: Talk, last: Step, now: number): ReadonlyArray<Step> => {
  const by = otherOf(last.by)
  const then = (minutes: number) => Math.min(now, last.at + minutes * minute)
  const seen: ReadonlyArray<Step> =
    talk.ends === "sent"
      ? []
      : [
          {
            _tag: talk.ends === "read" ? "Read" : "Deliver",
            at: then(talk.ends === "read" ? 4 : 1),
            talk,
            by
          }
        ]
  const archived: ReadonlyArray<Step> =
    talk.archivedBy === undefined ? [] : [{ _tag: "Archive", at: then(30), talk, by: talk.archivedBy }]
  return [...seen, ...archived]
}

/** Everything that happens in one conversation; who answers has read what they answer. */
export const stepsOf = (talk: Talk, now: number): ReadonlyArray<Step> => {
  const steps: Array<Step> = []
  let before: Step | undefined
  for (const [nth, sitting] of talk.sittings.entries()) {
    let at = beginOf(sitting, now)
    for (const [line, { by, text }] of sitting.lines.entries()) {
      const name = `${talk.key}/${nth}/${line}`
      if (before === undefined) steps.push({ _tag: "Start", at: at - minute, talk, by })
      if (line > 0) at = Math.min(now, at + pauseBefore(name, text))
      const reads = before !== undefined && before.by !== by
      before = { _tag: "Say", at, talk, by, text, clientMessageId: idOf(name), reads }
      steps.push(before)
    }
    // Otherwise what was said days ago would still be unread when the last of it comes.
    if (before !== undefined && nth === talk.sittings.length - 2) {
      steps.push({ _tag: "Read", at: before.at + 3 * minute, talk, by: otherOf(before.by) })
    }
  }
  return before === undefined ? steps : [...steps, ...endingOf(talk, before, now)]
}

export const messagesIn = ({ sittings }: Talk): number =>
  sittings.reduce((sum, { lines }) => sum + lines.length, 0)

/** What happens in all of them, one thing after another, as the record's clock can only go on. */
export const schedule = (talks: ReadonlyArray<Talk>, now: number): ReadonlyArray<Step> =>
  talks.flatMap((talk) => stepsOf(talk, now)).toSorted((a, b) => a.at - b.at)

import type { LineOf } from "../history/Line.ts"
import { type Answered, isOk, type Recorded, type Send, type Sends, sendsIn } from "./Sends.ts"
import type { Story } from "./Story.ts"
import type { Violation } from "./Violation.ts"

const broken = (kind: string, detail: string): Violation => ({ invariant: "I1", kind, detail })

const answerOf = (name: string, { content, outcome, process }: Answered, event: Recorded) => {
  if (event.message?.content !== content) {
    return [broken("wrong bytes", `${name}: ok by ${process} for another text`)]
  }
  return outcome.content === undefined || outcome.content === content
    ? []
    : [broken("wrong bytes", `${name}: ${process} answered another text`)]
}

const ofSend = ({ attempts, event, name }: Send): ReadonlyArray<Violation> => {
  const answered = attempts.filter(isOk)
  if (event === undefined) {
    return answered.map(({ process }) => broken("lost", `${name}: answered ok by ${process}`))
  }
  const stored = event.message?.content
  const sent = attempts.some(({ content, outcome }) => outcome._tag !== "Refused" && content === stored)
  const refused = attempts.every(({ outcome }) => outcome._tag === "Refused")
  return [
    ...(sent || refused ? [] : [broken("wrong bytes", `${name}: stored ${JSON.stringify(stored)}`)]),
    ...answered.flatMap((attempt) => answerOf(name, attempt, event))
  ]
}

/** What was once visible stays what it was. */
const vanished = ({ log, seen = [] }: Sends): ReadonlyArray<Violation> => {
  const tags = new Map(log.map(({ slice, slicePos, tag }) => [`${slice}/${slicePos}`, tag]))
  return seen.flatMap(({ slice, slicePos, tag }) => {
    const place = `${slice}/${slicePos}`
    return tags.get(place) === tag ? [] : [broken("vanished", `${place}: a reader saw ${tag}`)]
  })
}

/** What a frame of a message must say of it; an answer to its sender says the sender's own id instead of the text. */
const saysAsSent = ({ hash, key, kind, sender, seq }: LineOf<"frame">, event: LineOf<"event">) => {
  if (kind === "message_sent") return key === event.key && seq === event.seq
  if (kind === "message_received") {
    const keyFits = key === null || key === event.key
    return hash === event.readable && seq === event.seq && sender === event.user && keyFits
  }
  return event.seq === null
}

/** What devices are shown is what was sent, as readers are to get it, and nobody takes it back. */
export const shownAsSent = ({ events, frames, takenBack }: Story): ReadonlyArray<Violation> => {
  const byPlace = new Map(events.map((event) => [`${event.conv} ${event.pos}`, event]))
  return [
    ...frames.flatMap((frame) => {
      const { conv, kind, pos, proc } = frame
      const event = byPlace.get(`${conv} ${pos}`)
      if (event === undefined)
        return [broken("lost", `${conv} ${pos}: ${proc} was shown it, and it is not there`)]
      return saysAsSent(frame, event)
        ? []
        : [broken("wrong bytes", `${conv} ${pos}: ${proc} was shown another ${kind}`)]
    }),
    ...takenBack.map(({ conv, proc, state }) =>
      broken("vanished", `${conv}: ${proc} was told ${state} of what it has`)
    )
  ]
}

/** Every send answered `ok` is in the log, with the bytes that were sent; and what was in the log stays there. */
export const durable = (run: Sends): ReadonlyArray<Violation> => [
  ...sendsIn(run).sends.flatMap(ofSend),
  ...vanished(run)
]

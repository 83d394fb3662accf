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

/** What devices are shown is what was sent, as readers are to get it. */
export const shownAsSent = ({ events, frames }: Story): ReadonlyArray<Violation> => {
  const byPlace = new Map(events.map((event) => [`${event.conv} ${event.pos}`, event]))
  return frames.flatMap(({ conv, hash, key, pos, proc }) => {
    const event = byPlace.get(`${conv} ${pos}`)
    if (event === undefined)
      return [broken("lost", `${conv} ${pos}: ${proc} was shown it, and it is not there`)]
    const wrong = (hash !== null && hash !== event.readable) || (key !== null && key !== event.key)
    return wrong ? [broken("wrong bytes", `${conv} ${pos}: ${proc} was shown another text`)] : []
  })
}

/** Every send answered `ok` is in the log, with the bytes that were sent; and what was in the log stays there. */
export const durable = (run: Sends): ReadonlyArray<Violation> => [
  ...sendsIn(run).sends.flatMap(ofSend),
  ...vanished(run)
]

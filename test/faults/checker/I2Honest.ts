import { isOk, type Recorded, type Send, type Sends, sendsIn } from "./Sends.ts"
import type { Violation } from "./Violation.ts"

const broken = (kind: string, detail: string): Violation => ({ invariant: "I2", kind, detail })

const answersOf = ({ attempts, name }: Send, { pos, recordedAt, tag }: Recorded) =>
  attempts
    .filter(isOk)
    .flatMap(({ outcome, process }) =>
      outcome.pos === pos && outcome.recordedAt === recordedAt && outcome.tag === tag
        ? []
        : [broken("other answer", `${name}: ${process} answered ${outcome.pos}, it is at ${pos}`)]
    )

const saysReused = ({ attempts }: Send, content: string | null | undefined) =>
  attempts.some(
    (attempt) =>
      attempt.outcome._tag === "Refused" &&
      attempt.outcome.error === "KeyReused" &&
      (content === undefined || attempt.content === content)
  )

const ofSend = (send: Send): ReadonlyArray<Violation> => {
  const { attempts, event, name } = send
  if (event === undefined) {
    return saysReused(send, undefined)
      ? [broken("dishonest", `${name}: KeyReused, but nothing is stored under it`)]
      : []
  }
  if (attempts.every(({ outcome }) => outcome._tag === "Refused")) {
    return [broken("dishonest", `${name}: all attempts refused, yet stored`)]
  }
  return [
    ...answersOf(send, event),
    ...(saysReused(send, event.message?.content)
      ? [broken("dishonest", `${name}: KeyReused for the very text that is stored`)]
      : [])
  ]
}

/**
 * `ok` is saved, and every answer to one send is the same; `fail` is not saved and never will be; nothing is saved that
 * nobody sent.
 */
export const honest = (run: Sends): ReadonlyArray<Violation> => {
  const { sends, strays } = sendsIn(run)
  return [
    ...sends.flatMap(ofSend),
    ...strays.map(({ key, pos, stream }) => broken("dishonest", `${stream} ${pos}: nobody sent ${key}`))
  ]
}

/** Whatever was unknown was settled in the end by sending the same again. */
export const settled = (run: Sends): ReadonlyArray<Violation> =>
  sendsIn(run).sends.flatMap(({ attempts, name }) => {
    const last = attempts.reduce((latest, each) => (each.began > latest.began ? each : latest))
    return last.outcome._tag === "Unknown" && !attempts.some(isOk)
      ? [broken("never settled", `${name}: ${attempts.length} attempts, at last ${last.outcome.error}`)]
      : []
  })

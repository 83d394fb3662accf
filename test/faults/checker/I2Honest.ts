import { isOk, type Recorded, type Send, type Sends, sendsIn } from "./Sends.ts"
import { clocksDiffer, type Story } from "./Story.ts"
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

/**
 * What is saved was saved while somebody asked for it who was not refused: a refusal of what is saved stays a lie when
 * the same is sent again.
 */
export const savedWhenAsked = ({ sends: run, timeOf }: Story): ReadonlyArray<Violation> =>
  timeOf === undefined
    ? []
    : sendsIn(run).sends.flatMap(({ attempts, event, name }) => {
        if (event === undefined) return []
        const at = timeOf(event.recordedAt)
        const asked = attempts.some(
          ({ began, ended, outcome }) =>
            outcome._tag !== "Refused" && at >= began - clocksDiffer && at <= ended + clocksDiffer
        )
        return asked
          ? []
          : [broken("dishonest", `${name}: saved at ${event.recordedAt}, by nobody's attempt`)]
      })

/** Nobody is told that it was there already who never sent it before, unless the database may have lost its answer. */
export const repeatsWereSent = ({ outages, sends: run, slack }: Story): ReadonlyArray<Violation> =>
  sendsIn(run).sends.flatMap(({ attempts, name }) => {
    const first = attempts.reduce((earliest, each) => (each.began < earliest.began ? each : earliest))
    if (!isOk(first) || !first.outcome.repeat) return []
    const { began, ended } = first
    const others = attempts.some((each) => each !== first && each.began <= ended)
    const mayBeLost = outages.some(({ from, to }) => ended >= from && began <= to + slack * 5_000)
    return others || mayBeLost ? [] : [broken("dishonest", `${name}: called a repeat, and never sent before`)]
  })

import { type Attempt, keyOf, type LoggedEvent, type Run } from "./History.ts"
import type { Ok } from "./Outcome.ts"

/** A broken promise, by the invariants of the fault matrix: I1 durable, I2 honest, I3 order, I4 no duplicates. */
export interface Violation {
  readonly invariant: "I1" | "I2" | "I3" | "I4"
  readonly kind:
    | "lost"
    | "vanished"
    | "wrong bytes"
    | "other answer"
    | "dishonest"
    | "gap"
    | "reordered"
    | "duplicate"
  readonly detail: string
}

type Report = (invariant: Violation["invariant"], kind: Violation["kind"], detail: string) => void
type Answered = Attempt & { readonly outcome: Ok }

const isOk = (attempt: Attempt): attempt is Answered => attempt.outcome._tag === "Ok"
const nameOf = (stream: string, key: string) => `${stream} ${key}`

/** Numbers are 1..n in the order given. */
const dense = (
  where: string,
  what: string,
  events: ReadonlyArray<LoggedEvent>,
  numberOf: (event: LoggedEvent) => number,
  report: Report
) =>
  events.forEach((event, i) => {
    const found = numberOf(event)
    if (found === i + 1) return
    const before = i === 0 ? 0 : numberOf(events[i - 1] ?? event)
    if (found > before) report("I3", "gap", `${where}: ${what} ${found} after ${before}`)
    else report("I3", "reordered", `${where}: ${what} ${found} read after ${before}`)
  })

const checkStream = (stream: string, events: ReadonlyArray<LoggedEvent>, report: Report) => {
  dense(stream, "position", events, ({ pos }) => pos, report)
  const notes = events.filter(({ note }) => note !== null)
  dense(stream, "note", notes, ({ note }) => note?.seq ?? 0, report)
  events.forEach(({ pos, recordedAt }, i) => {
    const before = events[i - 1]?.recordedAt ?? ""
    if (recordedAt < before)
      report("I3", "reordered", `${stream} ${pos}: recorded ${recordedAt}, after ${before}`)
  })
  for (const [key, own] of Map.groupBy(events, (event) => event.key)) {
    if (own.filter(({ note }) => note !== null).length > 1)
      report("I4", "duplicate", `${nameOf(stream, key)}: at ${own.map(({ pos }) => pos).join(", ")}`)
  }
}

/** What the log must say of one command, given what its callers were told. */
const checkCommand = (
  name: string,
  attempts: ReadonlyArray<Attempt>,
  event: LoggedEvent | undefined,
  report: Report
) => {
  const answered = attempts.filter(isOk)
  if (event === undefined) {
    for (const { process } of answered) report("I1", "lost", `${name}: answered ok by ${process}`)
    if (attempts.some(({ outcome }) => outcome._tag === "Refused" && outcome.error === "KeyReused"))
      report("I2", "dishonest", `${name}: KeyReused, but nothing is stored under it`)
    return
  }
  const text = event.note?.text
  const possible = attempts.filter(({ outcome }) => outcome._tag !== "Refused")
  if (possible.length === 0) return report("I2", "dishonest", `${name}: all attempts refused, yet stored`)
  if (!possible.some((attempt) => attempt.text === text)) {
    report("I1", "wrong bytes", `${name}: stored ${JSON.stringify(text)}`)
  }
  for (const attempt of attempts) {
    if (isOk(attempt)) checkAnswer(name, attempt, event, report)
    else if (
      attempt.outcome._tag === "Refused" &&
      attempt.outcome.error === "KeyReused" &&
      attempt.text === text
    ) {
      report("I2", "dishonest", `${name}: KeyReused for the very text that is stored`)
    }
  }
  const firsts = answered.filter(({ outcome }) => !outcome.repeat)
  if (firsts.length > 1)
    report("I4", "duplicate", `${name}: ${firsts.length} callers were told that they were first`)
}

const checkAnswer = (
  name: string,
  attempt: Answered,
  { note, pos, recordedAt, tag }: LoggedEvent,
  report: Report
) => {
  const { outcome, process, text } = attempt
  if (note?.text !== text) report("I1", "wrong bytes", `${name}: ok by ${process} for another text`)
  else if (outcome.text !== text) report("I1", "wrong bytes", `${name}: ${process} answered another text`)
  if (outcome.pos !== pos || outcome.recordedAt !== recordedAt || outcome.tag !== tag) {
    report("I2", "other answer", `${name}: ${process} answered ${outcome.pos}, it is at ${pos}`)
  }
}

/** If A was ok before B began, A comes first. */
const checkRealTime = (
  stream: string,
  events: ReadonlyArray<LoggedEvent>,
  attemptsOf: (event: LoggedEvent) => ReadonlyArray<Attempt>,
  report: Report
) => {
  let latest = { began: Number.NEGATIVE_INFINITY, pos: 0 }
  for (const event of events) {
    const attempts = attemptsOf(event)
    const okAt = Math.min(...attempts.filter(isOk).map(({ ended }) => ended))
    if (okAt < latest.began) {
      const late = (latest.began - okAt).toFixed(3)
      report(
        "I3",
        "reordered",
        `${stream} ${event.pos}: ok ${late} ms before the command at ${latest.pos} began`
      )
    }
    const began = Math.min(...attempts.map((attempt) => attempt.began))
    if (attempts.length > 0 && began > latest.began) latest = { began, pos: event.pos }
  }
}

/** What was once visible stays, and became visible in order. */
const checkSeen = ({ log, seen = [] }: Run, report: Report) => {
  const tags = new Map(log.map(({ slice, slicePos, tag }) => [`${slice}/${slicePos}`, tag]))
  const reached = new Map<number, number>()
  for (const { slice, slicePos, tag } of seen) {
    const place = `${slice}/${slicePos}`
    if (tags.get(place) !== tag) report("I1", "vanished", `${place}: a reader saw ${tag}`)
    const expected = (reached.get(slice) ?? 0) + 1
    if (slicePos > expected)
      report("I3", "gap", `slice ${slice}: a reader saw ${slicePos} instead of ${expected}`)
    if (slicePos < expected)
      report("I3", "reordered", `slice ${slice}: a reader saw ${slicePos} after ${expected - 1}`)
    reached.set(slice, slicePos)
  }
}

/** All promises that a run has broken; none for a run that kept them. */
export const check = (run: Run): ReadonlyArray<Violation> => {
  const violations: Array<Violation> = []
  const report: Report = (invariant, kind, detail) => violations.push({ invariant, kind, detail })
  const attempts = Map.groupBy(run.attempts, (attempt) => nameOf(attempt.stream, keyOf(attempt)))
  const attemptsOf = ({ key, stream }: LoggedEvent) => attempts.get(nameOf(stream, key)) ?? []
  const notes = new Map<string, LoggedEvent>()
  for (const event of run.log) {
    const name = nameOf(event.stream, event.key)
    // The first counts; another one is a duplicate and reported as such.
    if (event.note !== null && !notes.has(name)) notes.set(name, event)
    if (!attempts.has(name)) report("I2", "dishonest", `${name} at ${event.pos}: nobody sent it`)
  }
  for (const [slice, events] of Map.groupBy(run.log, (event) => event.slice)) {
    dense(`slice ${slice}`, "position", events, ({ slicePos }) => slicePos, report)
  }
  for (const [stream, events] of Map.groupBy(run.log, (event) => event.stream)) {
    checkStream(stream, events, report)
    checkRealTime(stream, events, attemptsOf, report)
  }
  for (const [name, own] of attempts) checkCommand(name, own, notes.get(name), report)
  checkSeen(run, report)
  return violations
}

import { isOk, nameOf, type Recorded, type Sends, sendsIn } from "./Sends.ts"
import type { Violation } from "./Violation.ts"

const broken = (detail: string): Violation => ({ invariant: "I4", kind: "duplicate", detail })

/** Each at most once. */
export const unique = (where: string, values: ReadonlyArray<string | number>): ReadonlyArray<Violation> => {
  const met = new Set<string | number>()
  return values.flatMap((value) => {
    if (!met.has(value)) {
      met.add(value)
      return []
    }
    return [broken(`${where}: ${value} twice`)]
  })
}

const storedTwice = (log: ReadonlyArray<Recorded>) =>
  Array.from(
    Map.groupBy(
      log.filter(({ message }) => message !== null),
      nameOf
    ),
    ([name, events]) =>
      events.length > 1 ? [broken(`${name}: at ${events.map(({ pos }) => pos).join(", ")}`)] : []
  ).flat()

/** One event for each send, and one caller who is told that it was the first. */
export const withoutDuplicates = (run: Sends): ReadonlyArray<Violation> => [
  ...storedTwice(run.log),
  ...sendsIn(run).sends.flatMap(({ attempts, name }) => {
    const firsts = attempts.filter((attempt) => isOk(attempt) && !attempt.outcome.repeat)
    return firsts.length > 1
      ? [broken(`${name}: ${firsts.length} callers were told that they were first`)]
      : []
  })
]

import { type Attempt, isOk, nameOf, type Recorded, type Sends } from "./Sends.ts"
import type { Violation } from "./Violation.ts"

const broken = (kind: string, detail: string): Violation => ({ invariant: "I3", kind, detail })

/** That numbers are 1..n in the order given. */
const dense = (where: string, what: string, numbers: ReadonlyArray<number>): ReadonlyArray<Violation> =>
  numbers.flatMap((found, i) => {
    if (found === i + 1) return []
    const before = numbers[i - 1] ?? 0
    return found > before
      ? [broken("gap", `${where}: ${what} ${found} after ${before}`)]
      : [broken("reordered", `${where}: ${what} ${found} read after ${before}`)]
  })

/** That each is greater than the one before; how much greater is another matter. */
export const rising = (where: string, positions: ReadonlyArray<number>): ReadonlyArray<Violation> =>
  positions.flatMap((pos, i) => {
    const before = positions[i - 1] ?? 0
    // The same twice is a duplicate, which has an invariant of its own.
    return pos >= before ? [] : [broken("reordered", `${where}: ${pos} after ${before}`)]
  })

const timesRise = (stream: string, events: ReadonlyArray<Recorded>) =>
  events.flatMap(({ pos, recordedAt }, i) => {
    const before = events[i - 1]?.recordedAt ?? ""
    return recordedAt < before
      ? [broken("reordered", `${stream} ${pos}: recorded ${recordedAt}, after ${before}`)]
      : []
  })

/** If A was ok before B began, A comes first. */
const inRealTime = (
  stream: string,
  events: ReadonlyArray<Recorded>,
  attemptsOf: (event: Recorded) => ReadonlyArray<Attempt>
) => {
  const found: Array<Violation> = []
  let latest = { began: Number.NEGATIVE_INFINITY, pos: 0 }
  for (const event of events) {
    const attempts = attemptsOf(event)
    const okAt = Math.min(...attempts.filter(isOk).map(({ ended }) => ended))
    if (okAt < latest.began) {
      const early = (latest.began - okAt).toFixed(3)
      found.push(
        broken("reordered", `${stream} ${event.pos}: ok ${early} ms before the send at ${latest.pos} began`)
      )
    }
    const began = Math.min(...attempts.map((attempt) => attempt.began))
    if (attempts.length > 0 && began > latest.began) latest = { began, pos: event.pos }
  }
  return found
}

/** That what readers saw became visible in order. */
const seenInOrder = ({ seen = [] }: Sends) => {
  const bySlice = Map.groupBy(seen, ({ slice }) => slice)
  return Array.from(bySlice, ([slice, places]) =>
    dense(
      `slice ${slice}`,
      "seen position",
      places.map(({ slicePos }) => slicePos)
    )
  ).flat()
}

/** That the slices have no holes; for a whole log. */
export const denseSlices = ({ log }: Sends): ReadonlyArray<Violation> =>
  Array.from(
    Map.groupBy(log, ({ slice }) => slice),
    ([slice, events]) =>
      dense(
        `slice ${slice}`,
        "position",
        events.map(({ slicePos }) => slicePos)
      )
  ).flat()

/** In each stream positions, numbers of messages and times rise, without gaps; and what was ok before comes before. */
export const ordered = (run: Sends): ReadonlyArray<Violation> => {
  const attempts = Map.groupBy(run.attempts, nameOf)
  const attemptsOf = (event: Recorded) => (event.message === null ? [] : (attempts.get(nameOf(event)) ?? []))
  const streams = Map.groupBy(run.log, ({ stream }) => stream)
  return [
    ...Array.from(streams, ([stream, events]) => [
      ...dense(
        stream,
        "position",
        events.map(({ pos }) => pos)
      ),
      ...dense(
        stream,
        "message",
        events.flatMap(({ message }) => (message === null ? [] : [message.seq]))
      ),
      ...timesRise(stream, events),
      ...inRealTime(stream, events, attemptsOf)
    ]).flat(),
    ...seenInOrder(run)
  ]
}

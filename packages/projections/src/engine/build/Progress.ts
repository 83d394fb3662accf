import type { SliceCursor } from "@indelible/application/store/EventLog"
import { Clock, Effect, Exit } from "effect"
import { SqlClient } from "effect/sql"
import type { Build, BuildRange, BuildStage } from "./Build.ts"
import { buildsIn } from "./BuildTable.ts"
import type { Pace } from "./Pace.ts"

/** As many slices as a partition of the log has: they lie beside each other, so what one has read the next finds near. */
const slicesOfARange = 16

/** How far a build is, kept in memory by whoever works on it and told to everyone twice a second. */
export interface Progress {
  stage: BuildStage
  /** Events a second over the last seconds. */
  rate: number
  /** Events of the ranges that were folded before, which took no time now. */
  found: number
  ranges: ReadonlyArray<{ -readonly [Key in keyof BuildRange]: BuildRange[Key] }>
}

export const rangesOf = (
  positions: ReadonlyArray<number>,
  heads: ReadonlyArray<SliceCursor>
): Progress["ranges"] =>
  Array.from({ length: positions.length / slicesOfARange }, (_, i) => {
    const [from, to] = [i * slicesOfARange, (i + 1) * slicesOfARange - 1]
    const within = (slice: number) => slice >= from && slice <= to
    const sum = (values: ReadonlyArray<number>) => values.reduce((total, value) => total + value, 0)
    return {
      from,
      to,
      events: sum(positions.filter((_, slice) => within(slice))),
      expected: sum(heads.filter(({ slice }) => within(slice)).map(({ after }) => after))
    }
  })

const reportMillis = 500
/** The rate is that of about this long a time. */
const rateSeconds = 5

/** Writes how far a build is, and learns what somebody wants of it. Undefined: it is not to go on. */
export const report = Effect.fn("Progress.report")(function* (build: Build, progress: Progress) {
  const sql = yield* SqlClient.SqlClient
  const ranges = progress.ranges.map((range) => ({
    ...range,
    expected: Math.max(range.expected, range.events)
  }))
  const sum = (of: (range: BuildRange) => number) => ranges.reduce((total, range) => total + of(range), 0)
  const rows = yield* sql`
    UPDATE projection_build
    SET stage = ${progress.stage}, rate = ${progress.rate},
      events = ${BigInt(sum(({ events }) => events))}, expected = ${BigInt(sum(({ expected }) => expected))},
      ranges = ${JSON.stringify(ranges)}::jsonb
    WHERE id = ${build.id} AND state = 'running'
    RETURNING *`
  const [current] = yield* buildsIn(rows)
  return current
})

/** Tells how far a build is until it is no longer to go on, and then answers null. What goes wrong with that is tried again. */
export const telling = Effect.fn("Progress.telling")(function* (
  build: Build,
  progress: Progress,
  pace: Pace
) {
  let last = { at: yield* Clock.currentTimeMillis, events: folded(progress) }
  while (true) {
    const now = yield* Clock.currentTimeMillis
    const seconds = (now - last.at) / 1_000
    if (seconds > 0) {
      const events = folded(progress)
      const weight = Math.min(1, seconds / rateSeconds)
      const measured = (events - last.events) / seconds
      const { rate } = progress
      progress.rate = Math.max(0, rate === 0 ? measured : rate + weight * (measured - rate))
      last = { at: now, events }
    }
    const told = yield* Effect.exit(report(build, progress))
    if (Exit.isSuccess(told)) {
      if (told.value === undefined) return null
      pace.limit(told.value.maxRate)
    }
    yield* Effect.sleep(reportMillis)
  }
})

const folded = ({ found, ranges }: Progress) =>
  ranges.reduce((total, { events }) => total + events, 0) - found

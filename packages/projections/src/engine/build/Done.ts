import { Clock, Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Build } from "./Build.ts"
import { rangesOf } from "./Progress.ts"

/**
 * Ends a build whose tables reach these positions, in the transaction that does what it is for: so what is told of it
 * at last is all that it has folded, also of one that was quicker than the reports.
 *
 * @param keepHours how long the tables that it has replaced are kept; null: it has replaced none
 * @returns false when somebody has stopped it
 */
export const done = Effect.fn("Done.done")(function* (
  build: Build,
  positions: ReadonlyArray<number>,
  keepHours: number | null
) {
  const sql = yield* SqlClient.SqlClient
  const now = yield* Clock.currentTimeMillis
  const ranges = rangesOf(
    positions,
    positions.map((after, slice) => ({ slice, after }))
  )
  const events = BigInt(positions.reduce((total, position) => total + position, 0))
  const ended = yield* sql`
    UPDATE projection_build
    SET state = 'done', ended_at = ${new Date(now)},
      kept_until = ${keepHours === null ? null : new Date(now + keepHours * 3_600_000)},
      events = ${events}, expected = ${events}, ranges = ${JSON.stringify(ranges)}::jsonb
    WHERE id = ${build.id} AND state = 'running'
    RETURNING id`
  return ended.length > 0
})

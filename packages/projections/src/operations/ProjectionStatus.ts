import { EventLog, type SliceCursor } from "@indelible/application/store/EventLog"
import { Clock, Effect, Option } from "effect"
import { SqlClient } from "effect/sql"
import type { Build } from "../engine/build/Build.ts"
import * as BuildJobs from "../engine/build/BuildJobs.ts"
import * as Halt from "../engine/Halt.ts"
import { ownerOf } from "../engine/Owner.ts"
import * as OperationTrail from "./OperationTrail.ts"

/** How a projection is doing, whichever node works on it. */
export interface ProjectionStatus {
  readonly name: string
  /** Of this program. */
  readonly version: number
  /** That the live tables were made for; another one needs a rebuild. Null: there are no tables. */
  readonly builtFor: number | null
  /** The node that keeps the live tables up with the log; null while nobody does. */
  readonly owner: string | null
  /** Why the tables no longer follow the log, when only somebody who looks can change that; null: nothing halts it. */
  readonly halted: Halt.Halt | null
  /** Events folded and events in the log, over all slices. */
  readonly events: number
  readonly expected: number
  /** Age of the oldest event that is not folded yet, in seconds; 0 when all are. Of a damaged log: of those that it has. */
  readonly lagSeconds: number
  /** Streams that it does not follow for now. */
  readonly parked: number
  /** The newest rebuild, verification or roll-back, going on or ended. */
  readonly build: Build | null
  /** The last that engineers asked for, newest first. */
  readonly asked: ReadonlyArray<OperationTrail.Asked>
}

const askedShown = 5

const checkpoint = Effect.fnUntraced(function* (name: string) {
  const sql = yield* SqlClient.SqlClient
  return yield* sql<{ slice: number; slice_pos: bigint; version: number }>`
    SELECT slice, slice_pos, version FROM projection_checkpoint WHERE projection = ${name} ORDER BY slice`
})

const parkedCount = Effect.fnUntraced(function* (name: string) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ parked: number }>`
    SELECT count(*)::int AS parked FROM projection_parked WHERE projection = ${name}`
  return row?.parked ?? 0
})

/** A damaged log halts projections, and then this has to be answered all the same: it reads no event. */
const lagOf = Effect.fnUntraced(function* (behind: ReadonlyArray<SliceCursor>) {
  const oldest = behind.length === 0 ? null : yield* (yield* EventLog).oldestAfter(behind)
  return oldest === null ? 0 : Math.max(0, (yield* Clock.currentTimeMillis) - oldest.getTime()) / 1_000
})

export const statusOf = Effect.fn("ProjectionStatus.statusOf")(function* ({
  name,
  version
}: {
  readonly name: string
  readonly version: number
}) {
  // The checkpoint first: read after the heads it could be ahead of them.
  const rows = yield* checkpoint(name)
  const positions = new Map(rows.map(({ slice, slice_pos }) => [slice, Number(slice_pos)]))
  const heads = yield* (yield* EventLog).sliceHeads
  const behind = heads.flatMap(({ after: head, slice }) => {
    const after = positions.get(slice) ?? 0
    return after < head ? [{ slice, after }] : []
  })
  const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)
  const status: ProjectionStatus = {
    name,
    version,
    builtFor: rows[0]?.version ?? null,
    owner: yield* ownerOf(name),
    halted: yield* Halt.current(name),
    events: sum(positions.values()),
    expected: sum(heads.map(({ after }) => after)),
    lagSeconds: yield* lagOf(behind),
    parked: yield* parkedCount(name),
    build: Option.getOrNull(yield* BuildJobs.newest(name)),
    asked: yield* OperationTrail.newest(name, askedShown)
  }
  return status
})

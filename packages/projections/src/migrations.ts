import { Effect } from "effect"
import * as BuildTable from "./engine/build/BuildTable.ts"
import * as Checkpoint from "./engine/Checkpoint.ts"
import * as Halt from "./engine/Halt.ts"
import * as Parked from "./engine/Parked.ts"
import type { Write } from "./engine/Projection.ts"
import { historyProjection } from "./history/HistoryProjection.ts"
import { inboxProjection } from "./inbox/InboxProjection.ts"
import * as OperationTrail from "./operations/OperationTrail.ts"
import { searchProjection } from "./search/SearchProjection.ts"
import { unreadProjection } from "./unread/UnreadProjection.ts"

interface Tables {
  readonly name: string
  readonly version: number
  readonly createTables: Write
  readonly createIndexes: Write
}

/** Empty tables and their checkpoint at the beginning of the log. */
const live = ({ createIndexes, createTables, name, version }: Tables) =>
  createTables(name).pipe(
    Effect.andThen(createIndexes(name)),
    Effect.andThen(Checkpoint.create(name, version))
  )

export const projectionMigrations = {
  "0100_projection_checkpoint": Checkpoint.createTable,
  "0101_inbox": live(inboxProjection),
  "0102_history": live(historyProjection),
  "0103_unread": live(unreadProjection),
  "0104_projection_parked": Parked.createTable,
  "0105_search": live(searchProjection),
  "0110_projection_build": BuildTable.createTable,
  "0120_projection_operation": OperationTrail.createTable,
  "0130_projection_halt": Halt.createTable
} as const

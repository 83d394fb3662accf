import { Effect } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import * as Checkpoint from "./engine/Checkpoint.ts"
import { historyProjection } from "./history/HistoryProjection.ts"
import { inboxProjection } from "./inbox/InboxProjection.ts"
import { unreadProjection } from "./unread/UnreadProjection.ts"

interface Tables {
  readonly name: string
  readonly version: number
  readonly createTables: (schema: string) => Effect.Effect<void, SqlError.SqlError, SqlClient.SqlClient>
}

/** Empty tables and their checkpoint at the beginning of the log. */
const live = ({ createTables, name, version }: Tables) =>
  Effect.andThen(createTables(name), Checkpoint.create(name, version))

export const projectionMigrations = {
  "0100_projection_checkpoint": Checkpoint.createTable,
  "0101_inbox": live(inboxProjection),
  "0102_history": live(historyProjection),
  "0103_unread": live(unreadProjection)
} as const

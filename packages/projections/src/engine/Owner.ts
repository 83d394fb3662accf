import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** What the lock of something owned is called in the database. Both halves of one 64-bit key. */
export const lockKey = (sql: SqlClient.SqlClient, name: string) =>
  sql`hashtextextended(${`projection ${name}`}, 0)`

/** What a session that owns is called, after the node's name. */
export const owningSession = (node: string) => `${node} owning`

/** Names of nodes have no spaces, and Postgres cuts long ones. The node that owns something, read from the locks themselves; null while nobody does. */
export const ownerOf = Effect.fn("Owner.ownerOf")(function* (name: string) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ session: string }>`
    SELECT application_name AS session
    FROM pg_locks
    JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND objsubid = 1
      AND granted
      AND (classid::bigint << 32) | objid::bigint = ${lockKey(sql, name)}`
  return row === undefined ? null : (row.session.split(" ", 1)[0] ?? row.session)
})

import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Write } from "../engine/Projection.ts"
import { newest, type Table } from "../engine/Table.ts"

export const unreadTable: Table<{
  readonly subject_id: string
  readonly conversation_id: string
  readonly slice: number
  readonly unread: number
}> = {
  name: "conversation",
  columns: {
    subject_id: { type: "uuid" },
    conversation_id: { type: "uuid" },
    slice: { type: "smallint" },
    unread: { type: "integer" }
  },
  key: ["subject_id", "conversation_id"],
  replace: newest("unread")
}

/** What one person has not read in one conversation. Totals are summed on reading. */
export const createTables: Write = Effect.fn("UnreadTables.createTables")(function* (schema) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE SCHEMA ${sql(schema)}`
  yield* sql`
    CREATE TABLE ${sql(`${schema}.conversation`)} (
      subject_id uuid NOT NULL,
      conversation_id uuid NOT NULL,
      slice smallint NOT NULL,
      unread integer NOT NULL,
      PRIMARY KEY (subject_id, conversation_id)
    ) WITH (fillfactor = 70)` // Counts change with every message; with room beside them no index has to know.
})

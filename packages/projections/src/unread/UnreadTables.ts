import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Write } from "../engine/Projection.ts"

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

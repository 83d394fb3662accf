import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Write } from "../engine/Projection.ts"

/** A conversation as one of its two people sees it in the list. No names: they are joined from the people on reading. */
export const createTables: Write = Effect.fn("InboxTables.createTables")(function* (schema) {
  const sql = yield* SqlClient.SqlClient
  const table = sql(`${schema}.conversation`)
  yield* sql`CREATE SCHEMA ${sql(schema)}`
  yield* sql`
    CREATE TABLE ${table} (
      subject_id uuid NOT NULL,
      conversation_id uuid NOT NULL,
      slice smallint NOT NULL,
      side text NOT NULL,
      other_subject uuid NOT NULL,
      status text NOT NULL,
      -- The newest event that the row reflects.
      pos integer NOT NULL,
      tag text NOT NULL,
      -- Time of the newest message, or of the start. Changes of status do not move a conversation up.
      last_activity_at timestamptz NOT NULL,
      message_count integer NOT NULL,
      -- The newest message; all null while there is none, preview and key also when its key was destroyed.
      last_message_pos integer,
      last_message_side text,
      last_message_preview text,
      -- The content key the preview came from, so that it can be emptied when the key is destroyed.
      last_message_key text,
      PRIMARY KEY (subject_id, conversation_id)
    )`
  // The two lists of a person, newest first; a page is a range of one of these, however many conversations there are.
  yield* sql`
    CREATE INDEX active ON ${table} (subject_id, last_activity_at DESC, conversation_id DESC)
    WHERE status = 'ACTIVE'`
  yield* sql`
    CREATE INDEX archived ON ${table} (subject_id, last_activity_at DESC, conversation_id DESC)
    WHERE status <> 'ACTIVE'`
})

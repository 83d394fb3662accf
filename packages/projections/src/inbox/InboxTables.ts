import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Write } from "../engine/Projection.ts"
import { newest, type Table } from "../engine/Table.ts"

interface Row extends Readonly<Record<string, string | number | null>> {
  readonly subject_id: string
  readonly conversation_id: string
  readonly slice: number
  readonly side: string
  readonly other_subject: string
  readonly status: string
  readonly pos: number
  readonly tag: string
  readonly last_activity_at: string
  readonly message_count: number
  readonly last_message_pos: number | null
  readonly last_message_side: string | null
  readonly last_message_preview: string | null
  readonly last_message_key: string | null
}

const aboutTheMessage = [
  "last_activity_at",
  "last_message_pos",
  "last_message_side",
  "last_message_preview",
  "last_message_key"
]

export const inboxTable: Table<Row> = {
  name: "conversation",
  columns: {
    subject_id: { type: "uuid" },
    conversation_id: { type: "uuid" },
    slice: { type: "smallint" },
    side: { type: "text" },
    other_subject: { type: "uuid" },
    status: { type: "text" },
    pos: { type: "integer" },
    tag: { type: "text" },
    last_activity_at: { type: "timestamptz" },
    message_count: { type: "integer" },
    last_message_pos: { type: "integer" },
    last_message_side: { type: "text" },
    last_message_preview: { type: "text", content: true },
    last_message_key: { type: "text" }
  },
  key: ["subject_id", "conversation_id"],
  // A page without a message for this conversation leaves what the row says of its last one.
  replace: (sql) => sql`
    ${newest("status", "pos", "tag", "message_count")(sql)},
    ${sql.csv(
      aboutTheMessage.map(
        (name) => sql`
          ${sql(name)} = CASE
            WHEN EXCLUDED.last_message_pos IS NULL THEN kept.${sql(name)}
            ELSE EXCLUDED.${sql(name)}
          END`
      )
    )}`
}

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
      -- The newest message; all null while there is none, the preview also when its key was destroyed.
      last_message_pos integer,
      last_message_side text,
      last_message_preview text,
      -- The content key the preview came from, so that it can be emptied when the key is destroyed.
      last_message_key text,
      PRIMARY KEY (subject_id, conversation_id)
    )`
})

/** The two lists of a person, newest first; a page is a range of one of these, however many conversations there are. */
export const createIndexes: Write = Effect.fn("InboxTables.createIndexes")(function* (schema) {
  const sql = yield* SqlClient.SqlClient
  const table = sql(`${schema}.conversation`)
  yield* sql`
    CREATE INDEX IF NOT EXISTS active ON ${table} (subject_id, last_activity_at DESC, conversation_id DESC)
    WHERE status = 'ACTIVE'`
  yield* sql`
    CREATE INDEX IF NOT EXISTS archived ON ${table} (subject_id, last_activity_at DESC, conversation_id DESC)
    WHERE status <> 'ACTIVE'`
})

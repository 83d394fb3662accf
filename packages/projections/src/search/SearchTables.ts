import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Write } from "../engine/Projection.ts"
import type { Table } from "../engine/Table.ts"

export const messageTable: Table<{
  readonly conversation_id: string
  readonly pos: number
  readonly slice: number
  readonly sender: string
  readonly recipient: string
  readonly sent_at: string
  readonly text: string | null
  readonly words: string | null
  readonly content_key: string | null
}> = {
  name: "message",
  columns: {
    conversation_id: { type: "uuid" },
    pos: { type: "integer" },
    slice: { type: "smallint" },
    sender: { type: "uuid" },
    recipient: { type: "uuid" },
    sent_at: { type: "timestamptz" },
    text: { type: "text", content: true },
    words: { type: "tsvector", content: true },
    content_key: { type: "text" }
  },
  key: ["conversation_id", "pos"]
}

/** The messages that people wrote to each other, and the words in them. */
export const createTables: Write = Effect.fn("SearchTables.createTables")(function* (schema) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE SCHEMA ${sql(schema)}`
  yield* sql`
    CREATE TABLE ${sql(`${schema}.message`)} (
      conversation_id uuid NOT NULL,
      pos integer NOT NULL,
      slice smallint NOT NULL,
      -- Both people, so that a search keeps to whoever asks by itself.
      sender uuid NOT NULL,
      recipient uuid NOT NULL,
      sent_at timestamptz NOT NULL,
      -- As readers get it, for excerpts. Null, with the words, when it is no longer retained.
      text text,
      words tsvector,
      -- The content key that text and words came from, so that they can be emptied when it is destroyed.
      content_key text,
      PRIMARY KEY (conversation_id, pos)
    )`
})

/**
 * Words beside whose they are: what others wrote is passed over, however frequent a word is, and it costs the same
 * whether a person has ten conversations or thousands. Without a list of pending entries, which every search would have
 * to read through.
 */
export const createIndexes: Write = Effect.fn("SearchTables.createIndexes")(function* (schema) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE INDEX IF NOT EXISTS words ON ${sql(`${schema}.message`)}
    USING gin ((ARRAY[conversation_id, sender, recipient]), words)
    WITH (fastupdate = off)`
})

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

/** Lets one index hold ids beside words. Whoever may make a schema may make it; every Postgres of 15 and later has it. */
export const createExtension = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`CREATE EXTENSION IF NOT EXISTS btree_gin`
)

/** The messages that people wrote to each other, and the words in them. */
export const createTables: Write = Effect.fn("SearchTables.createTables")(function* (schema) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE SCHEMA ${sql(schema)}`
  yield* sql`
    CREATE TABLE ${sql(`${schema}.message`)} (
      conversation_id uuid NOT NULL,
      pos integer NOT NULL,
      slice smallint NOT NULL,
      -- Both people, so that a search can keep to whoever asks by itself.
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
 * Words and conversation in one index: what others wrote is passed over, however frequent a word is. Without a list of
 * pending entries, which every search would have to read through.
 */
export const createIndexes: Write = Effect.fn("SearchTables.createIndexes")(function* (schema) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE INDEX IF NOT EXISTS words ON ${sql(`${schema}.message`)} USING gin (conversation_id, words)
    WITH (fastupdate = off)`
})

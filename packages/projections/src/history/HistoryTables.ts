import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Write } from "../engine/Projection.ts"
import { newest, type Table } from "../engine/Table.ts"

export interface MessageRow extends Readonly<Record<string, string | number | null>> {
  readonly conversation_id: string
  readonly pos: number
  readonly slice: number
  readonly kind: "TEXT" | "SYSTEM"
  readonly seq: number | null
  readonly side: string | null
  readonly sender: string | null
  readonly text: string | null
  readonly metadata: string | null
  readonly content_key: string | null
  readonly detail: string | null
  readonly client_message_id: string | null
  readonly sent_at: string
  readonly tag: string
}

export const messageTable: Table<MessageRow> = {
  name: "message",
  columns: {
    conversation_id: { type: "uuid" },
    pos: { type: "integer" },
    slice: { type: "smallint" },
    kind: { type: "text" },
    seq: { type: "integer" },
    side: { type: "text" },
    sender: { type: "uuid" },
    text: { type: "text", content: true },
    metadata: { type: "text", content: true },
    content_key: { type: "text" },
    detail: { type: "text" },
    client_message_id: { type: "uuid" },
    sent_at: { type: "timestamptz" },
    tag: { type: "text" }
  },
  key: ["conversation_id", "pos"]
}

export const receiptTable: Table<{
  readonly conversation_id: string
  readonly reader: string
  readonly kind: string
  readonly up_to: number
  readonly at: string
  readonly slice: number
}> = {
  name: "receipt",
  columns: {
    conversation_id: { type: "uuid" },
    reader: { type: "text" },
    kind: { type: "text" },
    up_to: { type: "integer" },
    at: { type: "timestamptz" },
    slice: { type: "smallint" }
  },
  key: ["conversation_id", "reader", "kind", "up_to"]
}

export const standingTable: Table<{
  readonly conversation_id: string
  readonly slice: number
  readonly pos: number
  readonly tag: string
}> = {
  name: "conversation",
  columns: {
    conversation_id: { type: "uuid" },
    slice: { type: "smallint" },
    pos: { type: "integer" },
    tag: { type: "text" }
  },
  key: ["conversation_id"],
  replace: newest("pos", "tag")
}

/** What a conversation shows, and who has received and read how much of it. */
export const createTables: Write = Effect.fn("HistoryTables.createTables")(function* (schema) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE SCHEMA ${sql(schema)}`
  // A page of history is a range of the primary key. Rows are written once; only a destroyed key empties text and
  // metadata. No column says delivered or read, or one receipt would rewrite all the messages before it.
  yield* sql`
    CREATE TABLE ${sql(`${schema}.message`)} (
      conversation_id uuid NOT NULL,
      pos integer NOT NULL,
      slice smallint NOT NULL,
      kind text NOT NULL,
      -- Null for SYSTEM entries, which no receipt is about.
      seq integer,
      -- Both null for what the system did by itself.
      side text,
      sender uuid,
      text text,
      -- JSON as it was sent: jsonb would reorder it.
      metadata text,
      -- The content key that text and metadata came from, so that they can be emptied when it is destroyed.
      content_key text,
      -- JSON: what happened, of a SYSTEM entry.
      detail text,
      client_message_id uuid,
      sent_at timestamptz NOT NULL,
      tag text NOT NULL,
      PRIMARY KEY (conversation_id, pos)
    )`
  // Marks only rise, so the first receipt that reaches a message is the lowest one at or above its number: one step
  // into the primary key, however many receipts there are.
  yield* sql`
    CREATE TABLE ${sql(`${schema}.receipt`)} (
      conversation_id uuid NOT NULL,
      reader text NOT NULL,
      kind text NOT NULL,
      up_to integer NOT NULL,
      at timestamptz NOT NULL,
      slice smallint NOT NULL,
      PRIMARY KEY (conversation_id, reader, kind, up_to)
    )`
  // The newest event that the rows above reflect.
  yield* sql`
    CREATE TABLE ${sql(`${schema}.conversation`)} (
      conversation_id uuid PRIMARY KEY,
      slice smallint NOT NULL,
      pos integer NOT NULL,
      tag text NOT NULL
    ) WITH (fillfactor = 70)` // Rewritten with every event; with room beside the row the index need not know.
})

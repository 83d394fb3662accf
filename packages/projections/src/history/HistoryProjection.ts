import { type ConversationEvent, conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import {
  type ConversationRecord,
  category,
  newestByConversation,
  standingOf
} from "../conversation/ConversationRecord.ts"
import { column } from "../engine/ColumnParameter.ts"
import type { Projection, Write } from "../engine/Projection.ts"
import { messageRows, receiptRows } from "./HistoryRows.ts"
import { createTables } from "./HistoryTables.ts"

const writeMessages = (rows: ReturnType<typeof messageRows>): Write =>
  Effect.fn("HistoryProjection.writeMessages")(function* (schema) {
    if (rows.length === 0) return
    const sql = yield* SqlClient.SqlClient
    yield* sql`
      INSERT INTO ${sql(`${schema}.message`)} (
        conversation_id, pos, slice, kind, seq, side, sender, text, metadata, content_key, detail,
        client_message_id, sent_at, tag
      )
      SELECT *
      FROM unnest(
        ${column(rows.map((row) => row.conversationId))}::text[]::uuid[],
        ${column(rows.map((row) => row.pos))}::int[],
        ${column(rows.map((row) => row.slice))}::int[],
        ${column(rows.map((row) => row.kind))}::text[],
        ${column(rows.map((row) => row.seq))}::int[],
        ${column(rows.map((row) => row.side))}::text[],
        ${column(rows.map((row) => row.sender))}::text[]::uuid[],
        ${column(rows.map((row) => row.text))}::text[],
        ${column(rows.map((row) => row.metadata))}::text[],
        ${column(rows.map((row) => row.contentKey))}::text[],
        ${column(rows.map((row) => row.detail))}::text[],
        ${column(rows.map((row) => row.clientMessageId))}::text[]::uuid[],
        ${column(rows.map((row) => row.sentAt))}::text[]::timestamptz[],
        ${column(rows.map((row) => row.tag))}::text[]
      )`
  })

const writeReceipts = (rows: ReturnType<typeof receiptRows>): Write =>
  Effect.fn("HistoryProjection.writeReceipts")(function* (schema) {
    if (rows.length === 0) return
    const sql = yield* SqlClient.SqlClient
    yield* sql`
      INSERT INTO ${sql(`${schema}.receipt`)} (conversation_id, reader, kind, up_to, at, slice)
      SELECT *
      FROM unnest(
        ${column(rows.map((row) => row.conversationId))}::text[]::uuid[],
        ${column(rows.map((row) => row.reader))}::text[],
        ${column(rows.map((row) => row.kind))}::text[],
        ${column(rows.map((row) => row.upTo))}::int[],
        ${column(rows.map((row) => row.at))}::text[]::timestamptz[],
        ${column(rows.map((row) => row.slice))}::int[]
      )`
  })

const writeStandings = (page: ReadonlyArray<ConversationRecord>): Write => {
  const rows = [...newestByConversation(page)].map(([conversationId, { stored }]) => ({
    ...standingOf(stored),
    conversationId,
    slice: stored.slice
  }))
  return Effect.fn("HistoryProjection.writeStandings")(function* (schema) {
    if (rows.length === 0) return
    const sql = yield* SqlClient.SqlClient
    yield* sql`
      INSERT INTO ${sql(`${schema}.conversation`)} (conversation_id, slice, pos, tag)
      SELECT *
      FROM unnest(
        ${column(rows.map((row) => row.conversationId))}::text[]::uuid[],
        ${column(rows.map((row) => row.slice))}::int[],
        ${column(rows.map((row) => row.pos))}::int[],
        ${column(rows.map((row) => row.tag))}::text[]
      )
      ON CONFLICT (conversation_id) DO UPDATE
      SET pos = EXCLUDED.pos, tag = EXCLUDED.tag`
  })
}

const fold = (page: ReadonlyArray<ConversationRecord>): Write => {
  const writes = [writeMessages(messageRows(page)), writeReceipts(receiptRows(page)), writeStandings(page)]
  return (schema) => Effect.forEach(writes, (write) => write(schema), { discard: true })
}

const purge =
  (keyId: string): Write =>
  (schema) =>
    Effect.flatMap(
      SqlClient.SqlClient,
      (sql) => sql`
        UPDATE ${sql(`${schema}.message`)}
        SET text = NULL, metadata = NULL
        WHERE content_key = ${keyId}`
    )

export const historyProjection: Projection<ConversationEvent> = {
  name: "history",
  version: 2,
  category,
  catalogue: conversationEvents,
  reads: "bodies",
  createTables,
  fold,
  purge
}

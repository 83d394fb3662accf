import { type ConversationEvent, conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { category, messagesOf } from "../conversation/ConversationRecord.ts"
import type { Projection, Write } from "../engine/Projection.ts"
import { rowsOf } from "../engine/Table.ts"
import { messageRows, receiptRows, standingRows } from "./HistoryRows.ts"
import { createTables, messageTable, receiptTable, standingTable } from "./HistoryTables.ts"

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
  stream: "conversation_id",
  tables: [messageTable, receiptTable, standingTable],
  createTables,
  createIndexes: () => Effect.void,
  needs: "all",
  content: messagesOf,
  fold: (page) => [
    rowsOf(messageTable, messageRows(page)),
    rowsOf(receiptTable, receiptRows(page)),
    rowsOf(standingTable, standingRows(page))
  ],
  purge
}

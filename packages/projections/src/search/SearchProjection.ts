import { otherSide } from "@indelible/domain/conversation/Conversation"
import { type ConversationEvent, conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import { readable } from "@indelible/domain/text/ReadableText"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import {
  type ConversationRecord,
  category,
  conversationIdOf,
  messagesOf,
  peopleOf
} from "../conversation/ConversationRecord.ts"
import type { Projection, Write } from "../engine/Projection.ts"
import { rowsOf } from "../engine/Table.ts"
import { createIndexes, createTables, messageTable } from "./SearchTables.ts"
import { tsvectorText } from "./TsText.ts"
import { wordsOf } from "./Words.ts"

const messageRow = ({ event, stored }: ConversationRecord) => {
  if (event.type !== "TextSent") return []
  const { body, facts } = event
  const people = peopleOf(stored)
  const text = body === null ? null : readable(body.text)
  return [
    {
      conversation_id: conversationIdOf(stored),
      pos: stored.header.streamPos,
      slice: stored.slice,
      sender: people[facts.side],
      recipient: people[otherSide(facts.side)],
      sent_at: stored.header.recordedAt,
      text,
      words: text === null ? null : tsvectorText(wordsOf(text)),
      content_key: stored.header.keyId
    }
  ]
}

const purge =
  (keyId: string): Write =>
  (schema) =>
    Effect.flatMap(
      SqlClient.SqlClient,
      (sql) => sql`
        UPDATE ${sql(`${schema}.message`)}
        SET text = NULL, words = NULL
        WHERE content_key = ${keyId}`
    )

export const searchProjection: Projection<ConversationEvent> = {
  name: "search",
  version: 1,
  category,
  catalogue: conversationEvents,
  stream: "conversation_id",
  tables: [messageTable],
  createTables,
  createIndexes,
  // Nearly all that there is to read lies in messages, and pages are smaller this way: all their text is held at once.
  needs: "all",
  content: messagesOf,
  fold: (page) => [rowsOf(messageTable, page.flatMap(messageRow))],
  purge
}

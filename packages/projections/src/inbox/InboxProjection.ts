import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { otherSide } from "@indelible/domain/conversation/Conversation"
import {
  type ConversationEvent,
  conversationEvents,
  type TextSent
} from "@indelible/domain/conversation/ConversationEvent"
import type { ReadEvent } from "@indelible/domain/event/DomainEvent"
import { preview } from "@indelible/domain/text/Preview"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import {
  type ConversationRecord,
  category,
  conversationIdOf,
  peopleOf,
  standingOf
} from "../conversation/ConversationRecord.ts"
import { column } from "../engine/ColumnParameter.ts"
import type { Projection, Write } from "../engine/Projection.ts"
import { createTables } from "./InboxTables.ts"

interface Message {
  readonly event: TextSent | ReadEvent<TextSent>
  readonly stored: StoredEvent
}

/** What a page says of one conversation. */
interface Summary {
  readonly first: ConversationRecord
  readonly newest: ConversationRecord
  readonly message: Message | undefined
}

const summarise = (page: ReadonlyArray<ConversationRecord>): ReadonlyMap<string, Summary> => {
  const summaries = new Map<string, Summary>()
  for (const record of page) {
    const { event, stored } = record
    const id = conversationIdOf(stored)
    const before = summaries.get(id)
    summaries.set(id, {
      first: before?.first ?? record,
      newest: record,
      message: event.type === "TextSent" ? { event, stored } : before?.message
    })
  }
  return summaries
}

const lastMessageOf = ({ event: { body, facts }, stored: { header } }: Message) => ({
  pos: header.streamPos,
  at: header.recordedAt,
  side: facts.side,
  preview: body === null ? null : preview(body.text),
  key: header.keyId
})

const rowsOf = ([conversationId, { first, message, newest }]: readonly [string, Summary]) => {
  const { event, stored } = newest
  const people = peopleOf(stored)
  const lastMessage = message === undefined ? null : lastMessageOf(message)
  const row = {
    ...standingOf(stored),
    conversationId,
    slice: stored.slice,
    status: event.facts.tally.status,
    // Of a conversation that has no row yet the first event here is its start; else only a message changes it.
    lastActivityAt: lastMessage?.at ?? first.stored.header.recordedAt,
    messageCount: event.facts.tally.seq,
    lastMessage
  }
  return (["business", "worker"] as const).map((side) => ({
    ...row,
    side,
    subject: people[side],
    other: people[otherSide(side)]
  }))
}

const aboutTheMessage = [
  "last_activity_at",
  "last_message_pos",
  "last_message_side",
  "last_message_preview",
  "last_message_key"
]

/** A page without a message for this conversation leaves what the row says of its last one. */
const ofTheNewerMessage = (sql: SqlClient.SqlClient, name: string) => sql`
  ${sql(name)} = CASE
    WHEN EXCLUDED.last_message_pos IS NULL THEN kept.${sql(name)}
    ELSE EXCLUDED.${sql(name)}
  END`

const fold = (page: ReadonlyArray<ConversationRecord>): Write => {
  const rows = [...summarise(page)].flatMap(rowsOf)
  return Effect.fn("InboxProjection.write")(function* (schema) {
    if (rows.length === 0) return
    const sql = yield* SqlClient.SqlClient
    yield* sql`
      INSERT INTO ${sql(`${schema}.conversation`)} AS kept (
        subject_id, conversation_id, slice, side, other_subject, status, pos, tag, last_activity_at, message_count,
        last_message_pos, last_message_side, last_message_preview, last_message_key
      )
      SELECT *
      FROM unnest(
        ${column(rows.map((row) => row.subject))}::text[]::uuid[],
        ${column(rows.map((row) => row.conversationId))}::text[]::uuid[],
        ${column(rows.map((row) => row.slice))}::int[],
        ${column(rows.map((row) => row.side))}::text[],
        ${column(rows.map((row) => row.other))}::text[]::uuid[],
        ${column(rows.map((row) => row.status))}::text[],
        ${column(rows.map((row) => row.pos))}::int[],
        ${column(rows.map((row) => row.tag))}::text[],
        ${column(rows.map((row) => row.lastActivityAt))}::text[]::timestamptz[],
        ${column(rows.map((row) => row.messageCount))}::int[],
        ${column(rows.map((row) => row.lastMessage?.pos ?? null))}::int[],
        ${column(rows.map((row) => row.lastMessage?.side ?? null))}::text[],
        ${column(rows.map((row) => row.lastMessage?.preview ?? null))}::text[],
        ${column(rows.map((row) => row.lastMessage?.key ?? null))}::text[]
      )
      ON CONFLICT (subject_id, conversation_id) DO UPDATE
      SET status = EXCLUDED.status,
        pos = EXCLUDED.pos,
        tag = EXCLUDED.tag,
        message_count = EXCLUDED.message_count,
        ${sql.csv(aboutTheMessage.map((name) => ofTheNewerMessage(sql, name)))}`
  })
}

const purge =
  (keyId: string): Write =>
  (schema) =>
    Effect.flatMap(
      SqlClient.SqlClient,
      (sql) => sql`
        UPDATE ${sql(`${schema}.conversation`)}
        SET last_message_preview = NULL
        WHERE last_message_key = ${keyId}`
    )

export const inboxProjection: Projection<ConversationEvent> = {
  name: "inbox",
  version: 1,
  category,
  catalogue: conversationEvents,
  reads: "bodies",
  createTables,
  fold,
  purge
}

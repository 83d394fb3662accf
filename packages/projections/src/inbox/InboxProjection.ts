import type { EventOutline, StoredEvent } from "@indelible/application/store/StoredEvent"
import { otherSide } from "@indelible/domain/conversation/Conversation"
import {
  type ConversationEvent,
  conversationEvents,
  type TextSent
} from "@indelible/domain/conversation/ConversationEvent"
import { isMessage } from "@indelible/domain/conversation/MessageEvent"
import type { ReadEvent } from "@indelible/domain/event/DomainEvent"
import { preview } from "@indelible/domain/text/Preview"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import {
  type ConversationRecord,
  category,
  conversationIdOf,
  lastOfEach,
  newestMessages,
  peopleOf,
  standingOf
} from "../conversation/ConversationRecord.ts"
import type { Projection, Write } from "../engine/Projection.ts"
import { rowsOf } from "../engine/Table.ts"
import { createIndexes, createTables, inboxTable } from "./InboxTables.ts"

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

/** Empty columns leave what the row says of its last message: see `inboxTable`. */
const lastMessageOf = (message: Message | undefined) => {
  if (message === undefined) {
    return {
      last_message_pos: null,
      last_message_side: null,
      last_message_preview: null,
      last_message_key: null
    }
  }
  const { body, facts } = message.event
  const { keyId, streamPos } = message.stored.header
  return {
    last_message_pos: streamPos,
    last_message_side: facts.side,
    last_message_preview: body === null ? null : preview(body.text),
    last_message_key: keyId
  }
}

const entries = ([conversationId, { first, message, newest }]: readonly [string, Summary]) => {
  const { event, stored } = newest
  const people = peopleOf(stored)
  const row = {
    ...standingOf(stored),
    conversation_id: conversationId,
    slice: stored.slice,
    status: event.facts.tally.status,
    // Of a conversation that has no row yet the first event here is its start; else only a message changes it.
    last_activity_at: (message ?? first).stored.header.recordedAt,
    message_count: event.facts.tally.seq,
    ...lastMessageOf(message)
  }
  return (["business", "worker"] as const).map((side) => ({
    ...row,
    side,
    subject_id: people[side],
    other_subject: people[otherSide(side)]
  }))
}

/** Of each conversation: the first, which may be its start, the last, and the last message. */
const needs = (page: ReadonlyArray<EventOutline>): ReadonlyArray<EventOutline> => {
  const first = new Map<string, EventOutline>()
  for (const outline of page) if (!first.has(outline.streamId)) first.set(outline.streamId, outline)
  const needed = new Set([
    ...first.values(),
    ...lastOfEach(page),
    ...lastOfEach(page.filter(({ type }) => isMessage(type)))
  ])
  return page.filter((outline) => needed.has(outline))
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
  stream: "conversation_id",
  tables: [inboxTable],
  createTables,
  createIndexes,
  needs,
  content: newestMessages,
  fold: (page) => [rowsOf(inboxTable, [...summarise(page)].flatMap(entries))],
  purge
}

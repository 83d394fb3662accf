import { type ConversationEvent, conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import {
  type ConversationRecord,
  category,
  conversationIdOf,
  newestByConversation,
  peopleOf
} from "../conversation/ConversationRecord.ts"
import { column } from "../engine/ColumnParameter.ts"
import type { Projection, Write } from "../engine/Projection.ts"
import { createTables } from "./UnreadTables.ts"

const changesUnread = ({ event }: ConversationRecord): boolean =>
  event.type === "ConversationStarted" || event.type === "TextSent" || event.type === "MessagesRead"

/** Both sides' counts as the event states them: set, never added to, so they cannot drift. */
const rowsOf = ({ event, stored }: ConversationRecord) => {
  const { business, worker } = peopleOf(stored)
  const { unread } = event.facts.tally
  const conversation = { conversationId: conversationIdOf(stored), slice: stored.slice }
  return [
    { ...conversation, subject: business, unread: unread.business },
    { ...conversation, subject: worker, unread: unread.worker }
  ]
}

const fold = (page: ReadonlyArray<ConversationRecord>): Write => {
  const rows = [...newestByConversation(page.filter(changesUnread)).values()].flatMap(rowsOf)
  return Effect.fn("UnreadProjection.write")(function* (schema) {
    if (rows.length === 0) return
    const sql = yield* SqlClient.SqlClient
    yield* sql`
      INSERT INTO ${sql(`${schema}.conversation`)} (subject_id, conversation_id, slice, unread)
      SELECT *
      FROM unnest(
        ${column(rows.map((row) => row.subject))}::text[]::uuid[],
        ${column(rows.map((row) => row.conversationId))}::text[]::uuid[],
        ${column(rows.map((row) => row.slice))}::int[],
        ${column(rows.map((row) => row.unread))}::int[]
      )
      ON CONFLICT (subject_id, conversation_id) DO UPDATE
      SET unread = EXCLUDED.unread`
  })
}

export const unreadProjection: Projection<ConversationEvent> = {
  name: "unread",
  version: 1,
  category,
  catalogue: conversationEvents,
  reads: "facts",
  createTables,
  fold,
  purge: () => () => Effect.void
}

import { type ConversationEvent, conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import { Effect } from "effect"
import {
  type ConversationRecord,
  category,
  conversationIdOf,
  lastOfEach,
  newestByConversation,
  peopleOf
} from "../conversation/ConversationRecord.ts"
import type { Projection } from "../engine/Projection.ts"
import { rowsOf } from "../engine/Table.ts"
import { createTables, unreadTable } from "./UnreadTables.ts"

const changing: ReadonlySet<string> = new Set<ConversationEvent["type"]>([
  "ConversationStarted",
  "TextSent",
  "MessagesRead"
])

/** Both sides' counts as the event states them: set, never added to, so they cannot drift. */
const counts = ({ event, stored }: ConversationRecord) => {
  const { business, worker } = peopleOf(stored)
  const { unread } = event.facts.tally
  const conversation = { conversation_id: conversationIdOf(stored), slice: stored.slice }
  return [
    { ...conversation, subject_id: business, unread: unread.business },
    { ...conversation, subject_id: worker, unread: unread.worker }
  ]
}

export const unreadProjection: Projection<ConversationEvent> = {
  name: "unread",
  version: 1,
  category,
  catalogue: conversationEvents,
  stream: "conversation_id",
  tables: [unreadTable],
  createTables,
  createIndexes: () => Effect.void,
  // Each of these states both counts, so the last one is enough.
  needs: (page) => lastOfEach(page.filter(({ type }) => changing.has(type))),
  content: () => [],
  fold: (page) => [
    rowsOf(
      unreadTable,
      [...newestByConversation(page.filter(({ event }) => changing.has(event.type))).values()].flatMap(counts)
    )
  ],
  purge: () => () => Effect.void
}

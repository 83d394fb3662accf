import type { RecordedEvent } from "@indelible/application/store/EventStore"
import { type EventOutline, type StoredEvent, tagOf } from "@indelible/application/store/StoredEvent"
import { conversation } from "@indelible/domain/conversation/Conversation"
import type { ConversationEvent, Side } from "@indelible/domain/conversation/ConversationEvent"
import { isMessage } from "@indelible/domain/conversation/MessageEvent"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"

export type ConversationRecord = RecordedEvent<ConversationEvent>

export const category = conversation.category

export const conversationIdOf = (stored: StoredEvent): string => stored.streamId.slice(category.length + 1)

/** Both people, as every event of a conversation names them. */
export const peopleOf = ({ header }: StoredEvent): Readonly<Record<Side, SubjectId>> => {
  // The order is the aggregate's `participants`.
  const [business, worker] = header.participants
  if (business === undefined || worker === undefined) {
    throw new Error(`${header.streamId} ${header.streamPos} does not name the two people of the conversation`)
  }
  return { business, worker }
}

/** Where a conversation stands after an event: what a client may resume from. */
export const standingOf = (stored: StoredEvent) => ({ pos: stored.header.streamPos, tag: tagOf(stored) })

/** The newest event of each conversation in a page. */
export const newestByConversation = (
  page: ReadonlyArray<ConversationRecord>
): ReadonlyMap<string, ConversationRecord> =>
  new Map(page.map((record) => [conversationIdOf(record.stored), record]))

/** The last of each conversation's events in a page, in the page's order. */
export const lastOfEach = (page: ReadonlyArray<EventOutline>): ReadonlyArray<EventOutline> => {
  const last = new Map(page.map((outline) => [outline.streamId, outline]))
  return page.filter((outline) => last.get(outline.streamId) === outline)
}

/** Every message of a page, still closed. */
export const messagesOf = (page: ReadonlyArray<StoredEvent>): ReadonlyArray<StoredEvent> =>
  page.filter(({ header }) => isMessage(header.type))

/** The newest message of each conversation in a page, still closed. */
export const newestMessages = (page: ReadonlyArray<StoredEvent>): ReadonlyArray<StoredEvent> => [
  ...new Map(messagesOf(page).map((stored) => [stored.streamId, stored])).values()
]

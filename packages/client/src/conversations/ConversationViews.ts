import { preview } from "@indelible/domain/text/Preview"
import type { Conversation, LastMessage } from "../Conversation.ts"
import type { MessageState } from "../Entry.ts"
import type { HeldConversation } from "../held/HeldConversation.ts"
import type { OutboxEntry } from "../outbox/OutboxEntry.ts"
import type { Passing } from "./Conversations.ts"

/** What a conversation's view is made of. */
export interface ViewParts {
  readonly held: HeldConversation
  readonly passing: Passing
  readonly unsent: ReadonlyArray<OutboxEntry>
  readonly isAnswered: (clientMessageId: string) => boolean
  readonly draft: string
  /** The clock's milliseconds. */
  readonly now: number
}

const stateOf = ({ delivered, lastMessage, read, tail }: HeldConversation): MessageState | null => {
  if (lastMessage === null || !lastMessage.mine) return null
  const { pos, seq } = lastMessage
  const entry = tail.at(-1)?.pos === pos ? tail.at(-1) : tail.findLast((entry) => entry.pos === pos)
  const number = seq ?? (entry?.kind === "message" ? entry.seq : null)
  const marks = entry?.kind === "message" ? entry : { deliveredAt: null, readAt: null }
  const upTo = (mark: HeldConversation["read"]) => number !== null && mark !== null && mark.upToSeq >= number
  if (marks.readAt !== null || upTo(read)) return "read"
  if (marks.deliveredAt !== null || upTo(delivered)) return "delivered"
  return number === null ? null : "sent"
}

const lastOf = ({ held, isAnswered, unsent }: ViewParts): LastMessage | null => {
  const newest = unsent.at(-1)
  if (newest !== undefined) {
    const state = isAnswered(newest.clientMessageId) ? "sent" : newest.failure === null ? "queued" : "failed"
    return { preview: preview(newest.text), mine: true, at: newest.writtenAt, state }
  }
  const { lastMessage } = held
  if (lastMessage === null) return null
  return {
    preview: lastMessage.preview,
    mine: lastMessage.mine,
    at: lastMessage.sentAt,
    state: stateOf(held)
  }
}

export const conversationView = (parts: ViewParts): Conversation => {
  const { draft, held, isAnswered, now, passing, unsent } = parts
  const written = unsent.at(-1)?.writtenAt
  const waiting = unsent.filter(({ clientMessageId }) => !isAnswered(clientMessageId))
  return {
    id: held.id,
    other: held.other,
    presence: held.other.userId === null ? null : (passing.presence ?? null),
    typing: passing.typingUntil > now,
    side: held.side,
    status: held.status,
    lastMessage: lastOf(parts),
    unreadCount: held.unreadCount,
    messageCount: held.messageCount,
    // ISO 8601 in UTC sorts as text.
    lastActivityAt: [held.lastActivityAt, written ?? ""].sort().at(-1) ?? held.lastActivityAt,
    queued: waiting.filter(({ failure }) => failure === null).length,
    failed: waiting.filter(({ failure }) => failure !== null).length,
    draft
  }
}

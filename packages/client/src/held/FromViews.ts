import type { ConversationView } from "@indelible/api/conversation/ConversationView"
import type { MessageView } from "@indelible/api/message/MessageView"
import type { HeldConversation } from "./HeldConversation.ts"
import type { StoredEntry } from "./StoredEntry.ts"

/** A conversation as the service lists it: nothing of its entries is here yet. */
export const heldFromView = (view: ConversationView): HeldConversation => ({
  id: view.id,
  other: view.other,
  side: view.side,
  status: view.status,
  pos: view.pos,
  tag: view.tag,
  unreadCount: view.unreadCount,
  messageCount: view.messageCount,
  lastActivityAt: view.lastActivityAt,
  lastMessage: view.lastMessage === null ? null : { ...view.lastMessage, seq: null },
  delivered: null,
  read: null,
  tail: [],
  tailFrom: view.pos,
  hasEarlier: view.pos > 0
})

/** @param side one's own */
export const entryFromView = (view: MessageView, side: HeldConversation["side"]): StoredEntry => {
  if (view.type === "SYSTEM") {
    const { by, cause, event } = view.system
    const who = by === "system" ? "system" : by === side ? "me" : "other"
    return { kind: "system", pos: view.pos, at: view.sentAt, change: event, by: who, cause }
  }
  const { clientMessageId, deliveredAt, id, metadata, mine, pos, readAt, sentAt, seq, text } = view
  return { kind: "message", pos, id, seq, mine, text, metadata, sentAt, clientMessageId, deliveredAt, readAt }
}

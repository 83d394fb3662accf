import type { ConversationChange } from "@indelible/api/conversation/ConversationChange"
import type { ConversationView } from "@indelible/api/conversation/ConversationView"
import type { CommandAnswer } from "@indelible/application/conversation/CommandAnswer"
import type { ConversationDescription } from "@indelible/application/conversation/DescribeConversation"
import { messageId } from "@indelible/domain/conversation/MessageId"
import type { InboxEntry } from "@indelible/projections/inbox/Inbox"
import type { OtherOf } from "./Others.ts"
import { positionText } from "./Positions.ts"

export const viewOfEntry = (entry: InboxEntry, otherOf: OtherOf): ConversationView => ({
  id: entry.conversationId,
  ...otherOf(entry.other),
  side: entry.side,
  status: entry.status,
  lastMessage: entry.lastMessage && {
    id: messageId(entry.conversationId, entry.lastMessage.pos),
    pos: entry.lastMessage.pos,
    mine: entry.lastMessage.side === entry.side,
    preview: entry.lastMessage.preview,
    sentAt: entry.lastMessage.sentAt
  },
  unreadCount: entry.unread,
  messageCount: entry.messageCount,
  lastActivityAt: entry.lastActivityAt,
  pos: entry.pos,
  tag: entry.tag
})

export const viewOfDescription = (found: ConversationDescription, otherOf: OtherOf): ConversationView => ({
  id: found.conversation,
  ...otherOf(found.other),
  side: found.side,
  status: found.status,
  lastMessage: found.lastMessage && {
    id: messageId(found.conversation, found.lastMessage.pos),
    ...found.lastMessage
  },
  unreadCount: found.unread,
  messageCount: found.messageCount,
  lastActivityAt: found.lastActivityAt,
  pos: found.pos,
  tag: found.tag
})

export const changeOf = ({ recorded, token }: CommandAnswer): ConversationChange => ({
  changed: recorded !== null,
  pos: recorded?.pos ?? null,
  tag: recorded?.tag ?? null,
  at: recorded?.recordedAt ?? null,
  token: positionText(token)
})

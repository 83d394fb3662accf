import { ConversationChange } from "@indelible/api/conversation/ConversationChange"
import { ConversationView } from "@indelible/api/conversation/ConversationView"
import { MessageView } from "@indelible/api/message/MessageView"
import { MessageId } from "@indelible/domain/conversation/MessageId"
import { Schema } from "effect"

// What answers hold, by the contract's own schemas.

export const Token = Schema.Struct({ token: Schema.String })
export const Started = Schema.Struct({
  created: Schema.Boolean,
  conversation: ConversationView,
  token: Schema.String
})
export const Sent = Schema.Struct({
  repeat: Schema.Boolean,
  id: MessageId,
  conversationId: Schema.String,
  clientMessageId: Schema.String,
  pos: Schema.Int,
  tag: Schema.String,
  seq: Schema.Int,
  sentAt: Schema.String,
  token: Schema.String
})
export const History = Schema.Struct({
  messages: Schema.Array(MessageView),
  hasEarlier: Schema.Boolean,
  hasLater: Schema.Boolean,
  reflects: Schema.NullOr(Schema.Struct({ pos: Schema.Int, tag: Schema.String }))
})
export const List = Schema.Struct({
  conversations: Schema.Array(ConversationView),
  next: Schema.NullOr(Schema.String)
})
export const Unread = Schema.Struct({ unreadCount: Schema.Int })
export { ConversationChange, ConversationView }

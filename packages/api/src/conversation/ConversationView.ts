import { ConversationStatus, Side } from "@indelible/domain/conversation/ConversationEvent"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { MessageId } from "@indelible/domain/conversation/MessageId"
import { Schema } from "effect"

/** Someone in a conversation. Once erased: no id, and the name `DELETED_USER`. */
export const PersonView = Schema.Struct({
  userId: Schema.NullOr(Schema.String),
  name: Schema.String
}).annotate({ identifier: "Person" })
export type PersonView = typeof PersonView.Type

const LastMessage = Schema.Struct({
  id: MessageId,
  pos: Schema.Int,
  mine: Schema.Boolean,
  /** The first 100 visible characters of what readers get; null when it is no longer retained. */
  preview: Schema.NullOr(Schema.String),
  sentAt: Schema.String
}).annotate({ identifier: "LastMessage" })

/** A conversation as one of its two people sees it. Times are ISO 8601 UTC with milliseconds. */
export const ConversationView = Schema.Struct({
  id: ConversationId,
  other: PersonView,
  /** The side of whoever asked. */
  side: Side,
  status: ConversationStatus,
  lastMessage: Schema.NullOr(LastMessage),
  /** Messages of the other person that were not read. */
  unreadCount: Schema.Int,
  messageCount: Schema.Int,
  /** Of the newest message, or of the start while there is none. */
  lastActivityAt: Schema.String,
  /** The newest event that this reflects, with its tag: where a live connection may resume. */
  pos: Schema.Int,
  tag: Schema.String
}).annotate({ identifier: "Conversation" })
export type ConversationView = typeof ConversationView.Type

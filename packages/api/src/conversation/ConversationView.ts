import { ConversationStatus, Side } from "@indelible/domain/conversation/ConversationEvent"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { MessageId } from "@indelible/domain/conversation/MessageId"
import { Schema } from "effect"
import { PresenceView } from "../people/PresenceView.ts"

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
  preview: Schema.NullOr(Schema.String).annotate({
    description: "The first 100 visible characters of what readers get; null when it is no longer retained."
  }),
  sentAt: Schema.String
}).annotate({ identifier: "LastMessage" })

/** A conversation as one of its two people sees it. Times are ISO 8601 UTC with milliseconds. */
export const ConversationView = Schema.Struct({
  id: ConversationId,
  other: PersonView,
  presence: Schema.NullOr(PresenceView).annotate({
    description: "Whether the other person is there; null once they were erased."
  }),
  side: Side.annotate({ description: "The side of whoever asked." }),
  status: ConversationStatus,
  lastMessage: Schema.NullOr(LastMessage),
  unreadCount: Schema.Int.annotate({ description: "Messages of the other person that were not read." }),
  messageCount: Schema.Int,
  lastActivityAt: Schema.String.annotate({
    description: "Of the newest message, or of the start while there is none."
  }),
  pos: Schema.Int.annotate({
    description: "The newest event that this reflects, with its tag: where a live connection may resume."
  }),
  tag: Schema.String
}).annotate({ identifier: "Conversation" })
export type ConversationView = typeof ConversationView.Type

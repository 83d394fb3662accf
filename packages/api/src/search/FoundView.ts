import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { MessageId } from "@indelible/domain/conversation/MessageId"
import { Schema } from "effect"
import { ConversationView, PersonView } from "../conversation/ConversationView.ts"
import { ExcerptView } from "./ExcerptView.ts"

/** A message that was found. Its place in the conversation is `messages?around=<id>`. */
export const FoundMessage = Schema.Struct({
  id: MessageId,
  conversationId: ConversationId,
  pos: Schema.Int,
  other: PersonView.annotate({ description: "The other person of the conversation, whoever wrote it." }),
  mine: Schema.Boolean,
  sentAt: Schema.String,
  excerpt: ExcerptView
}).annotate({ identifier: "FoundMessage" })
export type FoundMessage = typeof FoundMessage.Type

export const FoundConversation = Schema.Struct({
  conversation: ConversationView,
  name: Schema.NullOr(ExcerptView).annotate({
    description: "The other person's name, when it was found by that."
  }),
  message: Schema.NullOr(FoundMessage).annotate({
    description: "The message that answers best, when there is one."
  })
}).annotate({ identifier: "FoundConversation" })
export type FoundConversation = typeof FoundConversation.Type

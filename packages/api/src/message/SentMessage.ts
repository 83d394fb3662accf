import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { MessageId } from "@indelible/domain/conversation/MessageId"
import { Schema } from "effect"
import { Position } from "../page/Position.ts"

export const repeatDescription = "True: this message was sent before, and this is the answer it got then."

/** What a send answers besides whether it was a repeat. */
export const sentMessage = {
  id: MessageId,
  conversationId: ConversationId,
  clientMessageId: ClientMessageId,
  pos: Schema.Int,
  tag: Schema.String,
  seq: Schema.Int,
  sentAt: Schema.String,
  token: Position
}

import { Schema } from "effect"
import { ConversationId } from "./ConversationId.ts"

/**
 * A message's id: `<conversation id>.<pos>`, the place of its event. It finds its stream and its event by itself, so
 * no look-up table of messages exists to fall behind.
 */
export const MessageId = Schema.String.check(
  Schema.isPattern(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[1-9][0-9]{0,14}$/,
    {
      expected: "a message id, <conversation id>.<pos>"
    }
  )
).pipe(Schema.brand("MessageId"))
export type MessageId = typeof MessageId.Type

export const messageId = (conversation: ConversationId, pos: number): MessageId =>
  MessageId.make(`${conversation}.${pos}`)

export const placeOf = (id: MessageId): { readonly conversation: ConversationId; readonly pos: number } => {
  const dot = id.lastIndexOf(".")
  return { conversation: ConversationId.make(id.slice(0, dot)), pos: Number(id.slice(dot + 1)) }
}

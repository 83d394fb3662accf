import type { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import type { Metadata } from "@indelible/domain/conversation/ConversationEvent"
import { ConversationNotFound } from "@indelible/domain/conversation/ConversationRefusal"
import { type MessageId, messageId } from "@indelible/domain/conversation/MessageId"
import { sendText } from "@indelible/domain/conversation/SendText"
import { MessageMetadata } from "@indelible/domain/text/MessageMetadata"
import { messageText } from "@indelible/domain/text/MessageText"
import { Context, Effect, Layer, Schema } from "effect"
import type { PositionToken } from "../store/PositionToken.ts"
import { type ConversationRequest, conversationCommands } from "./ConversationCommands.ts"
import { MaxMessageLength } from "./MaxMessageLength.ts"
import { messageLimit } from "./MessageLimit.ts"

/** What was to be sent cannot be. Nothing was saved. */
export class InvalidMessage extends Schema.TaggedError<InvalidMessage>()("InvalidMessage", {
  field: Schema.Literals(["text", "metadata"]),
  /** For whoever sent it; quotes nothing of what they sent. */
  problem: Schema.String
}) {
  override get message() {
    return `${this.field}: ${this.problem}`
  }
}

export interface SendTextRequest extends Omit<ConversationRequest, "commandId"> {
  /** Also names the command: the same id with the same content is the same message, for ever. */
  readonly clientMessageId: ClientMessageId
  readonly text: string
  readonly metadata: Metadata | null
}

export interface SentMessage {
  readonly messageId: MessageId
  /** Position of the message's event in its conversation. */
  readonly pos: number
  readonly tag: string
  /** Gap-free number among the conversation's messages. */
  readonly seq: number
  /** ISO 8601 UTC with milliseconds. */
  readonly sentAt: string
  /** True when this message was sent before. */
  readonly repeat: boolean
  readonly token: PositionToken
}

/** Sends a text to the other person, as far as the limit of messages allows. An archived conversation is re-opened by it. */
export class SendText extends Context.Service<SendText>()("@indelible/application/conversation/SendText", {
  make: Effect.gen(function* () {
    const execute = yield* conversationCommands
    const withinLimit = yield* messageLimit
    const decodeText = Schema.decodeUnknownEffect(messageText(yield* MaxMessageLength))
    const decodeMetadata = Schema.decodeUnknownEffect(Schema.NullOr(MessageMetadata))
    const invalid = (field: InvalidMessage["field"]) =>
      Effect.mapError(({ message }: Schema.SchemaError) => new InvalidMessage({ field, problem: message }))

    return Effect.fnUntraced(function* (request: SendTextRequest) {
      const { by, clientMessageId, conversation } = request
      const text = yield* decodeText(request.text).pipe(invalid("text"))
      const metadata = yield* decodeMetadata(request.metadata).pipe(invalid("metadata"))
      const { recorded, repeat, token } = yield* withinLimit(
        request,
        execute(sendText, { ...request, commandId: clientMessageId }, { by, text, metadata })
      ).pipe(Effect.catchTag("NotParticipant", () => new ConversationNotFound()))
      if (recorded === null) return yield* Effect.die(new Error("a send that was not refused wrote nothing"))
      return {
        messageId: messageId(conversation, recorded.pos),
        pos: recorded.pos,
        tag: recorded.tag,
        seq: recorded.tally.seq,
        sentAt: recorded.recordedAt,
        repeat,
        token
      } satisfies SentMessage
    })
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}

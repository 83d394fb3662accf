import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { MessageMetadata } from "@indelible/domain/text/MessageMetadata"
import { storable } from "@indelible/domain/text/TextRules"
import { Schema } from "effect"
import { FrameId } from "./FrameId.ts"
import { Tag } from "./Tag.ts"

const frame = <const Type extends string, Fields extends Schema.Struct.Fields>(type: Type, fields: Fields) =>
  Schema.Struct({ type: Schema.Literal(type), id: Schema.optionalKey(FrameId), ...fields })

/** Place of an event in its conversation, from 1, as `pos` of every durable frame tells it. */
const Pos = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/** The first frame of a socket that brought no token, within 5 s; again, with a newer token, to stay longer. */
export const Authenticate = frame("authenticate", { token: Schema.String })

export const JoinConversation = frame("join_conversation", { conversationId: ConversationId })

export const LeaveConversation = frame("leave_conversation", { conversationId: ConversationId })

/**
 * Answered by `message_sent`, once the message is on disk. The same `clientMessageId` with the same content is the same
 * message, for ever: without an answer send it again, on any socket.
 */
export const SendMessage = frame("send_message", {
  conversationId: ConversationId,
  clientMessageId: ClientMessageId,
  text: Schema.String.check(Schema.makeFilter(storable)),
  metadata: Schema.optionalKey(Schema.NullOr(MessageMetadata))
})

/** Reads everything up to a position, or everything there is. Answered by `message_read`. */
export const MarkRead = frame("mark_read", {
  conversationId: ConversationId,
  upTo: Schema.Union([Schema.Literal("all"), Pos])
})

/** This device has everything up to a position. Answered by `message_delivered`. */
export const AckDelivered = frame("ack_delivered", { conversationId: ConversationId, upTo: Pos })

/** How many conversations one `resume` may name. */
export const MAX_RESUMED = 500

/** What a client has of a conversation: everything up to an event, told by its place and tag; `pos` 0: nothing. */
export const ResumeCursor = Schema.Struct({
  conversationId: ConversationId,
  pos: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  /** As the frame at `pos` carried it; left out with `pos` 0 only. */
  tag: Schema.optionalKey(Tag)
}).check(
  Schema.makeFilter(({ pos, tag }) =>
    (pos === 0) === (tag === undefined) ? undefined : "Expected a tag, unless pos is 0"
  )
)
export type ResumeCursor = typeof ResumeCursor.Type

/**
 * After a new connection, or to fill a gap: the durable frames that follow each cursor come, ascending, then `resumed`,
 * and what happens from there on comes live, without a hole or a repeat between the two.
 */
export const Resume = frame("resume", {
  conversations: Schema.Array(ResumeCursor).check(Schema.isMaxLength(MAX_RESUMED)),
  /** Also tell of one's other conversations, such as those that were started meanwhile. */
  others: Schema.optionalKey(Schema.Boolean)
})

/**
 * Begins or goes on typing, in a conversation that this socket joined: again every second or two. It ends 3 s after the
 * last one, with a message, or with the socket. Answered, if it has an `id`, by one's own `user_typing`.
 */
export const TypingStart = frame("typing_start", { conversationId: ConversationId })
export const TypingStop = frame("typing_stop", { conversationId: ConversationId })
export const Ping = frame("ping", {})

/** What clients send: JSON text, one object a frame, no field but these. */
export const ClientFrame = Schema.Union([
  Authenticate,
  JoinConversation,
  LeaveConversation,
  SendMessage,
  MarkRead,
  AckDelivered,
  Resume,
  TypingStart,
  TypingStop,
  Ping
])
export type ClientFrame = typeof ClientFrame.Type

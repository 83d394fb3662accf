import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { ConversationStatus, Metadata } from "@indelible/domain/conversation/ConversationEvent"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { MessageId } from "@indelible/domain/conversation/MessageId"
import { Schema } from "effect"
import { ErrorCode } from "./ErrorCode.ts"
import { FrameId } from "./FrameId.ts"
import { Tag } from "./Tag.ts"

const frame = <const Type extends string, Fields extends Schema.Struct.Fields>(type: Type, fields: Fields) =>
  Schema.Struct({ type: Schema.Literal(type), ...fields })

/** The frame that this one answers, as the client called it. */
const answering = { id: Schema.optionalKey(FrameId) }

const Millis = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/** ISO 8601 UTC with milliseconds, from the server's clock. */
const Instant = Schema.String

/** The platform's id of a person, or `DELETED_USER`. */
const UserId = Schema.String

/** How a person is called whose entry was erased. */
export const DELETED_USER = "DELETED_USER"

/**
 * A durable frame is one event of a conversation; every session of both people gets each exactly once, ascending.
 * Whoever holds `pos` p next gets p + 1, or asks for what lies between.
 */
const durable = {
  conversationId: ConversationId,
  pos: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
  tag: Tag
}

/** Not durable: what was asked for was so before. `pos` and `tag`, where they are, are those of back then. */
const repeated = { repeat: Schema.Literal(true) }

/** In answer to a token, in the upgrade request or in a frame. */
export const Authenticated = frame("authenticated", {
  ...answering,
  userId: UserId,
  /** The session ends then, unless a newer token comes before. */
  expiresAt: Instant
})

/** When their last device went. null: online, or not known (any more). */
const LastSeen = Schema.NullOr(Instant)

/** The conversation as it stands; what happens after `pos` comes by itself. */
export const Joined = frame("joined", {
  ...answering,
  ...durable,
  status: ConversationStatus,
  /** Messages so far. */
  seq: Count,
  unread: Count,
  /** Whether the other person is there, as `user_online` and `user_offline` tell from here on. null: erased. */
  other: Schema.NullOr(Schema.Struct({ userId: UserId, online: Schema.Boolean, lastSeenAt: LastSeen }))
})

/** How a conversation stands after a `resume`. */
export const ResumedConversation = Schema.Union([
  Schema.Struct({
    conversationId: ConversationId,
    /**
     * `live`: everything up to `pos` came, the rest comes by itself. `more`: everything up to `pos` came, but not all
     * there is; resume again from there.
     */
    state: Schema.Literals(["live", "more"]),
    /** 0, without a tag: nothing came, and there was nothing before. */
    pos: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
    tag: Schema.optionalKey(Tag),
    /** Where the conversation stands: `pos` of its newest event. */
    head: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
    unread: Count
  }),
  /** The log does not have what this client has of it, as after a restored backup: forget it and read it anew. */
  Schema.Struct({ conversationId: ConversationId, state: Schema.Literal("resync") }),
  /** There is none, as far as this person may know. */
  Schema.Struct({ conversationId: ConversationId, state: Schema.Literal("not_found") })
])
export type ResumedConversation = typeof ResumedConversation.Type

/** In answer to `resume`, after all that it brought. */
export const Resumed = frame("resumed", {
  ...answering,
  conversations: Schema.Array(ResumedConversation),
  /** One's other conversations and where each stands, when they were asked for. */
  others: Schema.optionalKey(Schema.Array(Schema.Struct({ ...durable, unread: Count }))),
  /** There are yet more of those: list one's conversations. */
  moreOthers: Schema.optionalKey(Schema.Literal(true))
})

/** In answer to `leave_conversation`, joined or not. */
export const Left = frame("left", { ...answering, conversationId: ConversationId })

const message = { messageId: MessageId, seq: Schema.Int, sentAt: Instant }

/** A message, for the other person and for the sender's other sessions. */
export const MessageReceived = frame("message_received", {
  ...durable,
  ...message,
  sender: UserId,
  kind: Schema.Literal("TEXT"),
  /** Readable text, not markup: escape it all the same. null: no longer retained. */
  text: Schema.NullOr(Schema.String),
  metadata: Schema.NullOr(Metadata),
  /** For the sender's own sessions. */
  clientMessageId: Schema.optionalKey(ClientMessageId)
})

/** The message is on disk: for the session that sent it. */
export const MessageSent = frame("message_sent", {
  ...answering,
  ...durable,
  ...message,
  clientMessageId: ClientMessageId,
  repeat: Schema.optionalKey(repeated.repeat)
})

const mark = {
  ...answering,
  ...durable,
  /** Whose mark it is. */
  by: UserId,
  /** Messages up to this number. */
  upToSeq: Count,
  at: Instant
}

/** A device of theirs has the messages. */
export const MessageDelivered = frame("message_delivered", mark)
export const AlreadyDelivered = frame("message_delivered", {
  ...answering,
  ...repeated,
  conversationId: ConversationId
})

export const MessageRead = frame("message_read", mark)
export const AlreadyRead = frame("message_read", {
  ...answering,
  ...repeated,
  conversationId: ConversationId
})

export const ConversationUpdated = frame("conversation_updated", {
  ...durable,
  /** `other`: something this version has no frame for; ask for the conversation. */
  change: Schema.Literals(["started", "archived", "reopened", "other"]),
  /** null with `other`. */
  status: Schema.NullOr(ConversationStatus),
  /** null: the system. */
  by: Schema.NullOr(UserId),
  /** Why it was archived or re-opened; `message`: by the message that comes next. null with the other changes. */
  cause: Schema.NullOr(Schema.Literals(["request", "inactivity", "message"])),
  at: Instant
})

/** One's own unread messages of a conversation, whenever the number changed. */
export const UnreadCount = frame("unread_count", { conversationId: ConversationId, unread: Count })

/** The same in all of one's conversations, a moment after it changed. */
export const UnreadTotal = frame("unread_total", { unread: Count })

/**
 * The other person of a joined conversation types, or does not any more. It counts for `expiresInMs` and then ends by
 * itself: the server says so too, but a line may be cut before. On one's own socket: in answer to one's own frame.
 */
export const UserTyping = frame("user_typing", {
  ...answering,
  conversationId: ConversationId,
  userId: UserId,
  typing: Schema.Boolean,
  /** With `typing: true`. */
  expiresInMs: Schema.optionalKey(Millis)
})

/** The other person of a joined conversation has a device connected, anywhere. */
export const UserOnline = frame("user_online", { userId: UserId })

/** They have none any more, since some seconds: a reload is over sooner. */
export const UserOffline = frame("user_offline", { userId: UserId, lastSeenAt: LastSeen })

export const ErrorFrame = frame("error", {
  ...answering,
  code: ErrorCode,
  message: Schema.String,
  /** What is wrong with the frame, field by field; quotes nothing of what was sent. */
  fields: Schema.optionalKey(Schema.Array(Schema.Struct({ field: Schema.String, problem: Schema.String }))),
  retryAfterMs: Schema.optionalKey(Millis)
})

export const Pong = frame("pong", answering)

/** The node stops: the socket is closed next, with 1012. */
export const Draining = frame("draining", { retryAfterMs: Millis })

/** What the server sends. A client ignores types and fields it does not know, but for `pos`, which it keeps. */
export const ServerFrame = Schema.Union([
  Authenticated,
  Joined,
  Resumed,
  Left,
  MessageReceived,
  MessageSent,
  MessageDelivered,
  AlreadyDelivered,
  MessageRead,
  AlreadyRead,
  ConversationUpdated,
  UnreadCount,
  UnreadTotal,
  UserTyping,
  UserOnline,
  UserOffline,
  ErrorFrame,
  Pong,
  Draining
])
export type ServerFrame = typeof ServerFrame.Type

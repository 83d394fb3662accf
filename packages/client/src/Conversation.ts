import type { MessageState } from "./Entry.ts"

/** Someone one talks to. Once erased: no id, and the name `DELETED_USER`. */
export interface Person {
  readonly userId: string | null
  readonly name: string
}

export interface Presence {
  readonly online: boolean
  /** ISO 8601. null while online, or when it is not known. */
  readonly lastSeenAt: string | null
}

/** The newest message of a conversation, one's own unsent ones included. */
export interface LastMessage {
  /** The beginning of the text; null when it is no longer retained. */
  readonly preview: string | null
  readonly mine: boolean
  /** ISO 8601. */
  readonly at: string
  /** Of one's own; null for the other person's, and where it is not known since the message is from long before. */
  readonly state: MessageState | null
}

/** A conversation as one of its two people sees it. Never changed: a newer one takes its place. */
export interface Conversation {
  readonly id: string
  readonly other: Person
  /** null: not known, as while there is no connection. Kept up to date for the newest conversations and for open ones. */
  readonly presence: Presence | null
  /** Whether the other person types now; known while the conversation is open here. */
  readonly typing: boolean
  /** One's own side. */
  readonly side: "business" | "worker"
  readonly status: "ACTIVE" | "ARCHIVED" | "AUTO_ARCHIVED"
  readonly lastMessage: LastMessage | null
  /** Messages of the other person that one did not read. */
  readonly unreadCount: number
  /** On record; unsent ones do not count. */
  readonly messageCount: number
  /** ISO 8601: of the newest message, unsent ones included, or of the start while there is none. */
  readonly lastActivityAt: string
  /** One's own messages that wait to be sent. */
  readonly queued: number
  /** One's own messages that wait for a tap (`OpenConversation.retry`). */
  readonly failed: number
  /** What one began to write here and did not send, on this device; "" for nothing. */
  readonly draft: string
}

/** Conversations, newest activity first, as far as they were loaded. */
export interface ConversationList {
  readonly conversations: ReadonlyArray<Conversation>
  /** There are more: `ConversationLister.more`. */
  readonly hasMore: boolean
  /** `idle` with an empty list means that there are none. */
  readonly loading: "first" | "more" | "idle"
  /** Why the last loading failed; `more` tries again. */
  readonly error: import("./ClientError.ts").ClientError | null
}

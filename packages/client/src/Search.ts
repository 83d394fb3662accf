import type { Conversation, Person } from "./Conversation.ts"

export interface MessageSearch {
  /** As people type: words, beginnings of words, "in quotes", -without, OR. */
  readonly words: string
  /** `newest`, unless told; `rank`: best first. */
  readonly order?: "newest" | "rank"
  /** `next` of the page before. */
  readonly cursor?: string
}

/** Part of a text round what was searched for, as text: escape it. */
export interface Excerpt {
  readonly parts: ReadonlyArray<{ readonly text: string; readonly hit: boolean }>
  /** Text before, or after, was left out. */
  readonly cutBefore: boolean
  readonly cutAfter: boolean
}

export interface FoundMessage {
  readonly id: string
  readonly conversationId: string
  readonly pos: number
  readonly other: Person
  readonly mine: boolean
  /** ISO 8601. */
  readonly sentAt: string
  readonly excerpt: Excerpt
}

export interface FoundMessages {
  readonly messages: ReadonlyArray<FoundMessage>
  readonly next: string | null
}

export interface FoundConversation {
  readonly conversation: Conversation
  /** The other person's name, when it was found by that. */
  readonly name: Excerpt | null
  /** The message that answers best, when there is one. */
  readonly message: FoundMessage | null
}

export interface FoundConversations {
  readonly conversations: ReadonlyArray<FoundConversation>
  readonly next: string | null
}

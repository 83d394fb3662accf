import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Schema } from "effect"
import { type Excerpt, excerptOf } from "./Excerpt.ts"
import type { SearchQuery } from "./SearchQuery.ts"

/** The columns of `search.message` that a hit is made of. */
export const HitRow = Schema.Struct({
  conversation_id: ConversationId,
  pos: Schema.Int,
  sender: SubjectId,
  recipient: SubjectId,
  sent_at: Schema.Date,
  text: Schema.String
})

/** A message that was found. */
export interface MessageHit {
  readonly conversationId: ConversationId
  readonly pos: number
  readonly sender: SubjectId
  readonly recipient: SubjectId
  /** ISO 8601 UTC. */
  readonly sentAt: string
  readonly excerpt: Excerpt
}

export const hitOf = (row: typeof HitRow.Type, query: SearchQuery): MessageHit => ({
  conversationId: row.conversation_id,
  pos: row.pos,
  sender: row.sender,
  recipient: row.recipient,
  sentAt: row.sent_at.toISOString(),
  excerpt: excerptOf(row.text, query)
})

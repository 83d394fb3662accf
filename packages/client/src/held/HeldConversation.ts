import { PersonView } from "@indelible/api/conversation/ConversationView"
import { ConversationStatus, Side } from "@indelible/domain/conversation/ConversationEvent"
import { Schema } from "effect"
import { StoredEntry } from "./StoredEntry.ts"

const Count = Schema.Int

/** How far somebody's devices have, or they read, what the other wrote: messages up to a number, since when. */
const Mark = Schema.NullOr(Schema.Struct({ upToSeq: Count, at: Schema.String }))

/**
 * What this device has of a conversation: all that happened up to `pos`, folded. The newest entries are `tail`, without
 * a hole: every entry behind `tailFrom` is in it.
 */
export const HeldConversation = Schema.Struct({
  id: Schema.String,
  other: PersonView,
  side: Side,
  status: ConversationStatus,
  pos: Count,
  /** Absent with `pos` 0. */
  tag: Schema.NullOr(Schema.String),
  unreadCount: Count,
  messageCount: Count,
  lastActivityAt: Schema.String,
  lastMessage: Schema.NullOr(
    Schema.Struct({
      pos: Count,
      seq: Schema.NullOr(Count),
      mine: Schema.Boolean,
      preview: Schema.NullOr(Schema.String),
      sentAt: Schema.String
    })
  ),
  /** Of the other person, as far as they were told since `tailFrom`. */
  delivered: Mark,
  read: Mark,
  tail: Schema.Array(StoredEntry),
  tailFrom: Count,
  /** Whether there is anything up to `tailFrom`. */
  hasEarlier: Schema.Boolean
})
export type HeldConversation = typeof HeldConversation.Type

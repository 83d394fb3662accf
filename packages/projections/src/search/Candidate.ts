import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Schema } from "effect"
import { cursorsOf } from "../engine/Cursor.ts"
import type { InboxOther } from "../inbox/Inbox.ts"
import type { BestHit } from "./ConversationHits.ts"

/** By what conversations that were found are ordered. */
const Standing = Schema.Struct({
  named: Schema.Boolean,
  rank: Schema.Finite,
  /** Of the message that answers best, or of the newest where the name was found; epoch milliseconds. */
  at: Schema.Int,
  id: ConversationId
})
type Standing = typeof Standing.Type

/** A conversation that was found, before it is known whether its page is asked for. */
export interface Candidate {
  readonly standing: Standing
  /** The other person's, if that was found. */
  readonly name: string | null
  readonly best: BestHit | null
}

/** Nothing was found of a conversation without either. */
export const candidateOf = (
  { conversation_id: id, last_activity_at }: InboxOther,
  name: string | null,
  best: BestHit | null
): ReadonlyArray<Candidate> => {
  if (name !== null) {
    return [{ name, best, standing: { named: true, rank: 0, at: last_activity_at.getTime(), id } }]
  }
  if (best === null) return []
  return [{ name, best, standing: { named: false, rank: best.rank, at: best.sent_at.getTime(), id } }]
}

/** Names first, the newest activity before others; then what answers best. */
export const inOrder = (a: Standing, b: Standing): number =>
  Number(b.named) - Number(a.named) ||
  b.rank - a.rank ||
  b.at - a.at ||
  (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)

/** The last conversation shown. Messages later than `until` came since, and would change the order. */
export const cursors = cursorsOf(
  "search conversations",
  Schema.Struct({ after: Standing, until: Schema.NullOr(Schema.Int) })
)

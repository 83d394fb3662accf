import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect, Schema } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import { HitRow } from "./MessageHit.ts"
import { rankOf } from "./Rank.ts"
import type { SearchQuery } from "./SearchQuery.ts"

/** The message of a conversation that answers best. */
const BestHit = Schema.Struct({
  conversation_id: ConversationId,
  pos: Schema.Int,
  sent_at: Schema.Date,
  rank: Schema.Finite,
  /** Of all hits, in whichever conversation. */
  newest: Schema.Date
})
export type BestHit = typeof BestHit.Type

const decodeBest = Schema.decodeUnknownEffect(Schema.Array(BestHit))
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(HitRow))

/** For each conversation with a message that a condition holds for the one that answers best, in no order. */
export const bestHits = (
  sql: SqlClient.SqlClient,
  found: Statement.Fragment,
  query: SearchQuery,
  until: Date | null
) =>
  sql`
    SELECT DISTINCT ON (conversation_id) conversation_id, pos, sent_at, rank, newest
    FROM (
      SELECT conversation_id, pos, sent_at, ${rankOf(sql, query)} AS rank, max(sent_at) OVER () AS newest
      FROM search.message
      WHERE ${found} AND ${until === null ? sql`true` : sql`sent_at <= ${until}::timestamptz`}
    ) AS hit
    ORDER BY conversation_id, rank DESC, sent_at DESC, pos DESC`.pipe(Effect.flatMap(decodeBest))

/** Those of these messages that a condition still holds for. */
export const hitsAt = (sql: SqlClient.SqlClient, found: Statement.Fragment, at: ReadonlyArray<BestHit>) =>
  sql`
    SELECT conversation_id, pos, sender, recipient, sent_at, text
    FROM search.message
    JOIN unnest(
      ${at.map((hit) => hit.conversation_id)}::uuid[], ${at.map(({ pos }) => pos)}::int[]
    ) AS best (conversation_id, pos) USING (conversation_id, pos)
    WHERE ${found}`.pipe(Effect.flatMap(decodeRows))

import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect, Schema } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import { HitPlace, placeText } from "./HitPlace.ts"
import { HitRow } from "./MessageHit.ts"
import { rankOf } from "./Rank.ts"
import type { SearchQuery } from "./SearchQuery.ts"

/** Ranking looks at every hit, so there is a bound to them. */
const mostRanked = 1_000

/** The hits that are ranked for somebody who turns pages: those between these two. */
const Span = Schema.Struct({ newest: HitPlace, oldest: HitPlace })

/** The last hit shown, and which are ranked. */
export const RankedPlace = Schema.Struct({ ...HitPlace.fields, rank: Schema.Finite, span: Span })
export type RankedPlace = typeof RankedPlace.Type

const RankedRow = Schema.Struct({
  ...HitRow.fields,
  rank: Schema.Finite,
  newest_at: Schema.Date,
  newest_id: ConversationId,
  newest_pos: Schema.Int,
  oldest_at: Schema.Date,
  oldest_id: ConversationId,
  oldest_pos: Schema.Int
})

export const spanOf = (row: typeof RankedRow.Type): typeof Span.Type => ({
  newest: { at: row.newest_at.getTime(), id: row.newest_id, pos: row.newest_pos },
  oldest: { at: row.oldest_at.getTime(), id: row.oldest_id, pos: row.oldest_pos }
})

const decode = Schema.decodeUnknownEffect(Schema.Array(RankedRow))

/**
 * The newest 1,000 messages that a condition holds for, best first. Later pages rank the same ones again, so that a
 * message which comes meanwhile pushes none of them out.
 */
export const rankedHits = (
  sql: SqlClient.SqlClient,
  found: Statement.Fragment,
  query: SearchQuery,
  after: RankedPlace | null,
  limit: number
) => {
  const within =
    after === null
      ? sql`true`
      : sql`(sent_at, conversation_id, pos)
          BETWEEN ${placeText(sql, after.span.oldest)} AND ${placeText(sql, after.span.newest)}`
  const edge = (name: "newest" | "oldest") => sql`
    SELECT
      sent_at AS ${sql(`${name}_at`)},
      conversation_id AS ${sql(`${name}_id`)},
      pos AS ${sql(`${name}_pos`)}
    FROM ranked
    ORDER BY ${
      name === "newest"
        ? sql`sent_at DESC, conversation_id DESC, pos DESC`
        : sql`sent_at, conversation_id, pos`
    }
    LIMIT 1`
  return sql`
    WITH
      ranked AS MATERIALIZED (
        SELECT
          conversation_id, pos, sender, recipient, sent_at, text,
          ${rankOf(sql, query)} AS rank
        FROM (
          SELECT *
          FROM search.message
          WHERE ${found} AND ${within}
          ORDER BY sent_at DESC, conversation_id DESC, pos DESC
          ${after === null ? sql`LIMIT ${mostRanked}` : sql``}
        ) AS hit
      ),
      newest AS (${edge("newest")}),
      oldest AS (${edge("oldest")})
    SELECT *
    FROM ranked, newest, oldest
    WHERE ${
      after === null
        ? sql`true`
        : sql`(rank, sent_at, conversation_id, pos)
            < (${after.rank}::float4, ${new Date(after.at)}::timestamptz, ${after.id}::uuid, ${after.pos}::int)`
    }
    ORDER BY rank DESC, sent_at DESC, conversation_id DESC, pos DESC
    LIMIT ${limit}`.pipe(Effect.flatMap(decode))
}

import { Effect, Schema } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import { type HitPlace, placeText } from "./HitPlace.ts"
import { HitRow } from "./MessageHit.ts"

const decode = Schema.decodeUnknownEffect(Schema.Array(HitRow))

/**
 * The messages that a condition holds for, newest first, from after a place on. A place does not move, so that nothing
 * that was there is repeated or left out while pages are turned, whatever comes meanwhile.
 */
export const newestHits = (
  sql: SqlClient.SqlClient,
  found: Statement.Fragment,
  after: HitPlace | null,
  limit: number
) =>
  sql`
    SELECT conversation_id, pos, sender, recipient, sent_at, text
    FROM search.message
    WHERE ${found}
      AND ${after === null ? sql`true` : sql`(sent_at, conversation_id, pos) < ${placeText(sql, after)}`}
    ORDER BY sent_at DESC, conversation_id DESC, pos DESC
    LIMIT ${limit}`.pipe(Effect.flatMap(decode))

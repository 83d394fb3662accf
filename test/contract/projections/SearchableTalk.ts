import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * A person with this many conversations of 30 messages each, straight into the tables: `common` is in every 50th,
 * `rare` in one of 5,000, the others are of 2,000 words.
 *
 * @returns the ids of the conversations
 */
export const searchableTalk = Effect.fn(function* (subject: SubjectId, conversations: number) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ id: string }>`
    WITH made AS (
      SELECT CAST(overlay(overlay(md5(${subject}::text || n) PLACING '8' FROM 13) PLACING '8' FROM 17) AS uuid) AS id, n
      FROM generate_series(1, ${conversations}::int) AS n
    ), written AS (
      INSERT INTO search.message (conversation_id, pos, slice, sender, recipient, sent_at, text, words)
      SELECT id, pos, 0, ${subject}::uuid, id, timestamptz '2026-01-01Z' + (n * 30 + pos) * interval '1 second',
        words, words::tsvector
      FROM made
      CROSS JOIN generate_series(2, 31) AS pos
      CROSS JOIN LATERAL (
        SELECT concat_ws(
          ' ', 'word' || (n * 31 + pos * 7) % 2000, 'word' || (n * 17 + pos * 13) % 2000,
          CASE WHEN (n * 30 + pos) % 50 = 0 THEN 'common' END, CASE WHEN (n * 30 + pos) % 5000 = 0 THEN 'rare' END
        ) AS words
      ) AS text
    )
    SELECT id FROM made`
  return rows.map(({ id }) => id)
})

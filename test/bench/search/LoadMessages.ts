import { streamId } from "@indelible/application/store/StreamId"
import { sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import { rowsOf } from "@indelible/projections/engine/Table"
import { createIndexes, messageTable } from "@indelible/projections/search/SearchTables"
import { tsvectorText } from "@indelible/projections/search/TsText"
import { wordsOf } from "@indelible/projections/search/Words"
import { Console, Effect } from "effect"
import { SqlClient } from "effect/sql"
import { businesses, conversationFrom, conversations, randomFrom, sayFrom, workers } from "./Corpus.ts"

const batch = 5_000
const beginning = Date.UTC(2025, 0, 1)

/** Messages as the projection writes them, in the order of their times, all conversations in turn. */
const loadMessages = Effect.fn(function* (count: number) {
  const random = randomFrom(2)
  const lengths = new Map<number, number>()
  const row = (_: unknown, i: number, at: number) => {
    const which = conversationFrom(random)
    const id = conversations[which] ?? ""
    const pos = (lengths.get(which) ?? 1) + 1
    lengths.set(which, pos)
    const people = [businesses[which] ?? "", workers[which] ?? ""]
    const [sender = "", recipient = ""] = random() < 0.5 ? people : people.reverse()
    const text = sayFrom(random)
    return {
      conversation_id: id,
      pos,
      slice: sliceOf(streamId("conversation", id)),
      sender,
      recipient,
      sent_at: new Date(beginning + (at + i) * 20_000).toISOString(),
      text,
      words: tsvectorText(wordsOf(text)),
      content_key: "a key"
    }
  }
  for (let at = 0; at < count; at += batch) {
    const rows = Array.from({ length: Math.min(batch, count - at) }, (_, i) => row(_, i, at))
    yield* rowsOf(messageTable, rows).write("search")
    if ((at / batch) % 20 === 0) yield* Console.error(`loading: ${at} of ${count} messages`)
  }
})

/** The people of the conversations, as log, inbox and directory know them. */
const loadPeople = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const slices = conversations.map((id) => sliceOf(streamId("conversation", id)))
  const table = sql`
    unnest(${conversations}::uuid[], ${slices}::int[], ${businesses}::uuid[], ${workers}::uuid[])
    WITH ORDINALITY AS one (id, slice, business, worker, n)`
  yield* sql`
    INSERT INTO participant
    SELECT subject, slice, 'conversation-' || id FROM ${table}, unnest(array[business, worker]) AS subject`
  yield* sql`
    INSERT INTO inbox.conversation (
      subject_id, conversation_id, slice, side, other_subject, status, pos, tag, last_activity_at, message_count
    )
    SELECT business, id, slice, 'business', worker, 'ACTIVE', 1, '00', timestamptz '2025-01-01Z' + n * interval '1 minute', 0
    FROM ${table}`
  yield* sql`
    INSERT INTO vault.person (subject_id, user_id_hash, user_id, name, email, role, status, change)
    SELECT worker, sha256(n::text::bytea), 'worker-' || n, 'Käthe Person ' || n, 'x@example.com', 'worker', 'active', n
    FROM ${table}`
})

/** @returns seconds that loading took, that the index of words took, and their sizes in MB */
export const load = Effect.fn(function* (count: number) {
  const sql = yield* SqlClient.SqlClient
  const started = performance.now()
  yield* sql`DROP INDEX search.words`
  yield* loadMessages(count)
  yield* loadPeople
  const loaded = performance.now()
  yield* Console.error("making the index of words")
  yield* createIndexes("search")
  const indexed = performance.now()
  yield* sql`VACUUM ANALYZE search.message`
  yield* sql`VACUUM ANALYZE participant`
  yield* sql`VACUUM ANALYZE inbox.conversation`
  yield* sql`VACUUM ANALYZE vault.person`
  const [size] = yield* sql<{ table: number; words: number }>`
    SELECT
      (pg_table_size('search.message') / 1048576)::int AS table,
      (pg_relation_size('search.words') / 1048576)::int AS words`
  const seconds = (from: number, to: number) => Number(((to - from) / 1000).toFixed(1))
  return {
    messages: count,
    loadSeconds: seconds(started, loaded),
    indexSeconds: seconds(loaded, indexed),
    tableMB: size?.table,
    indexMB: size?.words
  }
})

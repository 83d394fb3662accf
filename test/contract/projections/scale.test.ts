import { assert, it } from "@effect/vitest"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { History, type HistoryPlace } from "@indelible/projections/history/History"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { Unread } from "@indelible/projections/unread/Unread"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { blocksOf, nodesOf, plansOf } from "./Plans.ts"
import { layer } from "./ReadModelDatabase.ts"
import * as Talk from "./Talk.ts"

/** A conversation of the business, with a receipt for every message, straight into the tables. */
const conversation = Effect.fn(function* ({ business, id }: Talk.Pair, length: number) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`INSERT INTO history.conversation VALUES (${id}, 0, ${2 * length + 1}, '00')`
  yield* sql`
    INSERT INTO history.message (
      conversation_id, pos, slice, kind, seq, side, sender, text, client_message_id, sent_at, tag
    )
    SELECT ${id}::uuid, 2 * seq, 0, 'TEXT', seq, 'business', ${business}::uuid, 'number ' || seq, ${id}::uuid,
      timestamptz '2026-01-01Z' + seq * interval '1 second', '00'
    FROM generate_series(1, ${length}) AS seq`
  yield* sql`
    INSERT INTO history.receipt
    SELECT ${id}::uuid, 'worker', kind, seq, timestamptz '2026-01-01Z' + seq * interval '1 second', 0
    FROM generate_series(1, ${length}) AS seq, unnest(array['delivered', 'read']) AS kind`
})

const places = (length: number): ReadonlyArray<HistoryPlace> => [
  { _tag: "Newest" },
  { _tag: "Before", pos: length },
  { _tag: "After", pos: length },
  { _tag: "After", pos: 0 },
  { _tag: "Around", pos: length }
]

const short = Talk.pair("short", Talk.person("b"), Talk.person("w"))
const long = Talk.pair("long", Talk.person("b"), Talk.person("w"))

/** People with this many conversations each, every tenth one archived, straight into the tables. */
const inboxesOf = Effect.fn(function* (subjects: ReadonlyArray<SubjectId>, size: number) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    INSERT INTO inbox.conversation (
      subject_id, conversation_id, slice, side, other_subject, status, pos, tag, last_activity_at, message_count
    )
    SELECT subject, id, 0, 'business', id, CASE n % 10 WHEN 0 THEN 'ARCHIVED' ELSE 'ACTIVE' END, 1, '00',
      timestamptz '2026-01-01Z' + n * interval '1 second', 0
    FROM generate_series(1, ${size}) AS n
    CROSS JOIN unnest(${subjects}::text[]::uuid[]) AS subject
    CROSS JOIN LATERAL overlay(md5(subject::text || n) PLACING '8' FROM 13) AS made
    CROSS JOIN LATERAL CAST(overlay(made PLACING '8' FROM 17) AS uuid) AS id`
})

/** Looks at the plan that Postgres makes for given values, and at the one it makes for any. */
const inBothModes = <E, R>(test: Effect.Effect<void, E, R>) =>
  Effect.forEach(["force_custom_plan", "force_generic_plan"], (mode) =>
    Effect.flatMap(SqlClient.SqlClient, (sql) =>
      sql.withTransaction(Effect.andThen(sql`SELECT set_config('plan_cache_mode', ${mode}, true)`, test))
    )
  )

const costOf = Effect.fn(function* <A, E, R>(query: Effect.Effect<A, E, R>) {
  const [plan, ...others] = yield* plansOf(query)
  if (plan === undefined || others.length > 0) return assert.fail("one statement")
  const scans = nodesOf(plan).filter((node) => node["Node Type"] === "Seq Scan")
  assert.deepStrictEqual(scans, [])
  return blocksOf(plan)
})

for (const server of TestDatabase.whichServers()) {
  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(
    `Read models at scale (${server})`,
    (it) => {
      it.effect(
        "50 messages cost the same at any depth of 100,000 as in a conversation of 200 (NFR-MSG-PERF-004)",
        () =>
          Effect.gen(function* () {
            const history = yield* History
            const sql = yield* SqlClient.SqlClient
            yield* conversation(short, 200)
            yield* conversation(long, 100_000)
            yield* sql`ANALYZE history.message, history.receipt`
            yield* inBothModes(
              Effect.gen(function* () {
                for (const [i, place] of places(100_000).entries()) {
                  const deep = yield* costOf(history.page(long.id, place, 50))
                  const shallow = yield* costOf(history.page(short.id, places(200)[i] ?? place, 50))
                  // The trees of 100,000 rows are one level deeper.
                  assert.isAtMost(deep, 2 * shallow, JSON.stringify(place))
                }
              })
            )
          })
      )

      it.effect("a page of the inbox costs no more with 20,000 conversations than with 200", () =>
        Effect.gen(function* () {
          const inbox = yield* Inbox
          const unread = yield* Unread
          const sql = yield* SqlClient.SqlClient
          const [few, many] = [Talk.person("has few"), Talk.person("has many")]
          yield* inboxesOf([few], 200)
          yield* inboxesOf([many], 20_000)
          const others = Array.from({ length: 2_000 }, (_, i) => Talk.person(`other ${i}`))
          yield* inboxesOf(others, 20)
          yield* sql`
          INSERT INTO unread.conversation
          SELECT subject_id, conversation_id, slice, 1 FROM inbox.conversation`
          yield* sql`ANALYZE inbox.conversation, unread.conversation`
          for (const view of ["active", "archived"] as const) {
            const { next } = yield* inbox.list({ subject: many, view, limit: 50 })
            yield* inBothModes(
              Effect.gen(function* () {
                for (const subject of [few, many]) {
                  for (const cursor of subject === many ? [undefined, next ?? undefined] : [undefined]) {
                    const cost = yield* costOf(inbox.list({ subject, view, limit: 50, cursor }))
                    // The row of each entry, and a step into the tree of unread counts.
                    assert.isAtMost(cost, 51 * 5, `${view} ${cursor}`)
                  }
                }
              })
            )
          }
          // Totals are summed on reading, over the person's own rows.
          yield* inBothModes(
            Effect.gen(function* () {
              assert.isAtMost(yield* costOf(unread.total(few)), 2 * 200)
            })
          )
        })
      )
    }
  )
}

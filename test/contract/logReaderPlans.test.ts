import { randomUUID } from "node:crypto"
import { PgClient } from "@effect/sql-pg"
import { assert, it } from "@effect/vitest"
import { EventStore } from "@indelible/application/store/EventStore"
import type { StreamId } from "@indelible/application/store/StreamId"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../servers/TestDatabase.ts"
import * as LogDatabase from "./LogDatabase.ts"
import { freshStream, meta, note, notebook, owner } from "./Notebook.ts"
import { blocksOf, nodesOf, plansOf } from "./projections/Plans.ts"

const partitions = Array.from({ length: 16 }, (_, i) => `event_${i.toString(16)}`)
const partitionOf = (stream: StreamId) => partitions[sliceOf(stream) >> 4]

/** Copies the first event of a stream, under other command keys, until the stream has this many. */
const lengthen = Effect.fn(function* (stream: StreamId, length: number) {
  const sql = yield* SqlClient.SqlClient
  const slice = sliceOf(stream)
  yield* sql`
    INSERT INTO event
    SELECT slice, head.slice_pos + n, stream_id, n, type, schema_version, header, body, recorded_at,
      'copy/' || n, ordinal, header_hash
    FROM event
    CROSS JOIN (SELECT max(slice_pos) AS slice_pos FROM event WHERE slice = ${slice}) AS head
    CROSS JOIN generate_series(3, ${length}::int) AS n
    WHERE slice = ${slice} AND stream_id = ${stream} AND stream_pos = 1`
  yield* sql`UPDATE stream SET stream_pos = ${length} WHERE slice = ${slice} AND stream_id = ${stream}`
})

/**
 * The plan for given values and the one for any; pages looked at by each statement in the worse of them. Neither may go
 * through all of `large`; a table of a few pages is rightly read as a whole.
 */
const costsOf = Effect.fn(function* <A, E, R>(reading: Effect.Effect<A, E, R>, large: string | undefined) {
  const sql = yield* SqlClient.SqlClient
  const costs = yield* Effect.forEach(["force_custom_plan", "force_generic_plan"], (mode) =>
    sql.withTransaction(
      Effect.gen(function* () {
        yield* sql`SELECT set_config('plan_cache_mode', ${mode}, true)`
        const plans = yield* plansOf(reading)
        const scans = plans
          .flatMap(nodesOf)
          .filter((node) => node["Node Type"] === "Seq Scan" && node["Relation Name"] === large)
        assert.deepStrictEqual(scans, [], mode)
        return plans.map(blocksOf)
      })
    )
  )
  return Math.max(...costs.flat())
})

for (const server of TestDatabase.whichServers()) {
  it.layer(LogDatabase.layer(server), { excludeTestServices: true, timeout: "2 minutes" })(
    `Statements of the log's reader (${server})`,
    (it) => {
      it.effect("find what two people of 5,000 streams each share by going through theirs once", () =>
        Effect.gen(function* () {
          const store = yield* EventStore
          const sql = yield* SqlClient.SqlClient
          yield* sql`ALTER TABLE participant SET (autovacuum_enabled = off)`
          const [busy, busier, quiet] = [randomUUID(), randomUUID(), randomUUID()].map((id) =>
            SubjectId.make(id)
          )
          assert(busy !== undefined && busier !== undefined && quiet !== undefined)
          const take = (subject: SubjectId, from: number, to: number) => sql`
            INSERT INTO participant (subject_id, slice, stream_id)
            SELECT ${subject}::uuid, n % 256, 'conversation-' || md5(n::text)
            FROM generate_series(${from}::int, ${to}::int) AS n`
          // Others' are most of the table.
          yield* sql`
            INSERT INTO participant (subject_id, slice, stream_id)
            SELECT gen_random_uuid(), n % 256, 'conversation-' || md5(n::text) FROM generate_series(1, 30000) AS n`
          yield* take(busy, 1, 5_000)
          yield* take(busier, 5_001, 10_000)
          yield* take(quiet, 5_000, 5_000)
          assert.isTrue(yield* store.shareStream(busy, quiet))
          assert.isFalse(yield* store.shareStream(busy, busier))
          for (const analyzed of [false, true]) {
            if (analyzed) yield* sql`ANALYZE participant`
            const none = yield* costsOf(store.shareStream(busy, busier), "participant")
            const one = yield* costsOf(store.shareStream(busy, quiet), "participant")
            const told = JSON.stringify({ analyzed, none, one })
            // 5,000 entries of the key are 133 pages, and each may need a look at its row.
            assert.isAtMost(Math.max(none, one), 2 * (5_000 + 133) + 50, told)
          }
        })
      )

      it.effect(
        "cost the same in a conversation of 5,000 events as in one of 2, with and without statistics",
        () =>
          Effect.gen(function* () {
            const store = yield* EventStore
            const sql = yield* PgClient.PgClient
            // Nothing but this test says when there are statistics.
            for (const part of partitions) {
              yield* sql.unsafe(`ALTER TABLE ${part} SET (autovacuum_enabled = off)`)
            }
            const [short, long] = [freshStream(), freshStream()]
            for (const stream of [short, long])
              yield* store.execute(note, stream, { owner, text: "one" }, meta())
            for (let i = 0; i < 100; i++)
              yield* store.execute(note, freshStream(), { owner, text: "one" }, meta())
            yield* lengthen(long, 5_000)
            const slice = sliceOf(long)
            const large = partitionOf(long)

            for (const analyzed of [false, true]) {
              if (analyzed) yield* sql`ANALYZE event, stream, participant`
              const cost = {
                heads: yield* costsOf(store.heads(notebook, [long]), large),
                headOfShort: yield* costsOf(store.heads(notebook, [short]), large),
                stream: yield* costsOf(store.readStream(long, 4_900, 50), large),
                parts: yield* costsOf(
                  store.readStreams([
                    { stream: long, after: 4_900, limit: 25 },
                    { stream: short, after: 0, limit: 25 }
                  ]),
                  large
                ),
                ownHeads: yield* costsOf(store.headsOf(notebook, [owner], 50), large),
                command: yield* costsOf(store.holdsCommand(long, owner, randomUUID()), large),
                sliceHeads: yield* costsOf(store.sliceHeads, large),
                oldest: yield* costsOf(store.oldestAfter([{ slice, after: 100 }]), large),
                slices: yield* costsOf(store.readSlices([{ slice, after: 4_900 }], 50), large)
              }
              const told = JSON.stringify({ analyzed, ...cost })
              assert.isAtMost(cost.heads, 2 * cost.headOfShort, told)
              // The row of each event, and a step into its tree.
              assert.isAtMost(cost.stream, 51 * 3, told)
              assert.isAtMost(cost.parts, 51 * 3, told)
              // Three steps into the tree and one to the row, for each head and for its event.
              assert.isAtMost(cost.ownHeads, 50 * 8, told)
              assert.isAtMost(cost.slices, 51 * 3, told)
              // Down one tree.
              assert.isAtMost(cost.command, 5, told)
              // Three steps into each slice's tree and one to the row.
              assert.isAtMost(cost.sliceHeads, 256 * 4, told)
              assert.isAtMost(cost.oldest, 4, told)
            }
          })
      )

      it.effect("draw a sample from slices of 100,000 streams without going through them", () =>
        Effect.gen(function* () {
          const store = yield* EventStore
          const sql = yield* SqlClient.SqlClient
          yield* sql`ALTER TABLE stream SET (autovacuum_enabled = off)`
          const starts = Array.from({ length: 256 }, (_, slice) => ({ slice, from: "8" }))
          const sample = (perSlice: number) => store.sampleStreams(notebook.category, starts, perSlice)
          // Most of what is there is of another category, and would be passed by in vain.
          yield* sql`
            INSERT INTO stream (slice, stream_id, stream_pos, recorded_at, state, state_version)
            SELECT n % 2, category || '-' || md5(n::text), 1, now(), '{}', 1
            FROM generate_series(1, 50000) AS n
            CROSS JOIN unnest(ARRAY['note', ${notebook.category}, 'page', 'score']) AS category`
          assert.isAtLeast((yield* sample(50)).length, 2 * 50)

          for (const analyzed of [false, true]) {
            if (analyzed) yield* sql`ANALYZE stream`
            for (const perSlice of [1, 50]) {
              const cost = yield* costsOf(sample(perSlice), "stream")
              // Down into each slice's tree twice, at most four steps each, and to each row found.
              assert.isAtMost(cost, 256 * 2 * 5 + 2 * 2 * perSlice, JSON.stringify({ analyzed, perSlice }))
            }
          }
        })
      )
    }
  )
}

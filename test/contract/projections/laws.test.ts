import { createHash } from "node:crypto"
import { assert, it } from "@effect/vitest"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { EventStore } from "@indelible/application/store/EventStore"
import * as Checkpoint from "@indelible/projections/engine/Checkpoint"
import { claim } from "@indelible/projections/engine/Claim"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { beginning, everything, pairs, play, RandomHistory } from "./RandomHistory.ts"
import { catchUp, catchUpAll, dump, layer, projections, rebuild } from "./ReadModelDatabase.ts"

const runs = { timeout: 300_000, arbitrary: { runs: 6, size: 60, maxShrinks: 20 } }
let run = 0

for (const server of TestDatabase.oneServer()) {
  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(
    `Laws of the read models (${server})`,
    (it) => {
      it.effect.prop(
        "a rebuild gives the same tables byte for byte, however the log was cut into pages (I7)",
        [RandomHistory],
        ([history]) =>
          Effect.gen(function* () {
            run += 1
            // The live tables follow while it happens: sometimes an event at a time, sometimes many.
            yield* play(history, `pages ${run}`, (step) => (step % 3 === 0 ? catchUpAll : Effect.void))
            yield* catchUpAll
            for (const projection of projections) {
              const live = yield* dump(projection.name)
              assert.isAbove(live.length, 0)
              for (const options of [
                { limit: 1 },
                { limit: 2, thin: true },
                { limit: 7 },
                { limit: 500 },
                { limit: 5_000, thin: true }
              ]) {
                const sink = `${projection.name}_${run}_${options.limit}`
                yield* rebuild(projection, sink, options)
                assert.deepStrictEqual(yield* dump(sink), live, sink)
              }
            }
          }),
        runs
      )

      it.effect.prop(
        "folding with a destroyed key is folding, then purging (X7)",
        [RandomHistory],
        ([history]) =>
          Effect.gen(function* () {
            run += 1
            const vault = yield* KeyVault
            const end = yield* play(history, `keys ${run}`, () => Effect.void)
            yield* catchUpAll
            const [first] = pairs(`keys ${run}`)
            // One person's content of one quarter, and of all quarters; the other's stays.
            const quarters = yield* Effect.forEach([beginning, end], (at) =>
              vault.keyFor(first?.business ?? "system", at)
            )
            for (const [i, { keyId }] of quarters.entries()) {
              yield* vault.destroy(keyId)
              for (const projection of projections) {
                yield* projection.purge(keyId)(projection.name)
                const sink = `${projection.name}_keyless_${run}_${i}`
                yield* rebuild(projection, sink)
                assert.deepStrictEqual(yield* dump(sink), yield* dump(projection.name), sink)
              }
            }
          }),
        runs
      )

      it.effect("every projection rebuilds with every key destroyed", () =>
        Effect.gen(function* () {
          const [vault, store] = [yield* KeyVault, yield* EventStore]
          const cursors = Array.from({ length: 256 }, (_, slice) => ({ slice, after: 0 }))
          const keyIds = (yield* store.readSlices(cursors, 1_000_000)).flatMap(
            ({ header }) => header.keyId ?? []
          )
          assert.isAbove(keyIds.length, 0)
          for (const keyId of new Set(keyIds)) {
            yield* vault.destroy(keyId)
            for (const projection of projections) yield* projection.purge(keyId)(projection.name)
          }
          for (const projection of projections) {
            yield* rebuild(projection, `${projection.name}_bare`)
            assert.deepStrictEqual(yield* dump(`${projection.name}_bare`), yield* dump(projection.name))
          }
          const sql = yield* SqlClient.SqlClient
          const [content] = yield* sql<Readonly<Record<string, bigint>>>`
          SELECT
            (SELECT count(text) FROM history.message) AS texts,
            (SELECT count(metadata) FROM history.message) AS labels,
            (SELECT count(last_message_preview) FROM inbox.conversation) AS previews,
            (SELECT count(text) FROM search.message) AS searched,
            (SELECT count(words) FROM search.message) AS words`
          assert.deepStrictEqual(content, { texts: 0n, labels: 0n, previews: 0n, searched: 0n, words: 0n })
        })
      )

      it.effect("every row belongs to the slice of one conversation", () =>
        Effect.gen(function* () {
          yield* play(everything, "everything", () => Effect.void)
          yield* catchUpAll
          const sql = yield* SqlClient.SqlClient
          for (const table of [
            "inbox.conversation",
            "unread.conversation",
            "history.message",
            "history.receipt",
            "history.conversation",
            "search.message"
          ]) {
            const rows = yield* sql<{ slice: number; id: string }>`
            SELECT DISTINCT slice, conversation_id AS id FROM ${sql(table)}`
            assert.isAbove(rows.length, 0, table)
            for (const { id, slice } of rows) {
              const digest = createHash("sha256").update(`conversation-${id}`).digest()
              assert.strictEqual(slice, digest.readUInt8(0), table)
            }
          }
        })
      )

      it.effect(
        "no column makes a value of its own or holds a name, and every key holds the conversation",
        () =>
          Effect.gen(function* () {
            const sql = yield* SqlClient.SqlClient
            const columns = yield* sql<{ table: string; column: string; makes: boolean }>`
          SELECT table_schema || '.' || table_name AS table, column_name AS column,
            column_default IS NOT NULL OR is_identity = 'YES' OR is_generated <> 'NEVER' AS makes
          FROM information_schema.columns
          WHERE table_schema IN ('inbox', 'history', 'unread', 'search')`
            assert.deepStrictEqual(
              columns.filter(({ column, makes }) => makes || /name|mail|phone/.test(column)),
              []
            )
            const tables = new Set(columns.map(({ table }) => table))
            assert.strictEqual(tables.size, 6)
            for (const table of tables) {
              const names = columns.filter((column) => column.table === table).map(({ column }) => column)
              assert.includeMembers(names, ["slice", "conversation_id"], table)
            }
            const keyed = yield* sql<{ table: string }>`
          SELECT indrelid::regclass::text AS table
          FROM pg_index
          JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey) AND attname = 'conversation_id'
          JOIN pg_class ON pg_class.oid = indrelid
          WHERE indisprimary AND relnamespace::regnamespace::text IN ('inbox', 'history', 'unread', 'search')`
            assert.sameMembers(
              keyed.map(({ table }) => table),
              [...tables]
            )
            const sequences = yield* sql`
          SELECT FROM information_schema.sequences WHERE sequence_schema IN ('inbox', 'history', 'unread', 'search')`
            assert.strictEqual(sequences.length, 0)
          })
      )

      it.effect("a page that is not the next one, or an owner that was replaced, changes nothing (F6)", () =>
        Effect.gen(function* () {
          const [projection] = projections
          if (projection === undefined) return assert.fail("no projection")
          const name = projection.name
          const before = yield* dump(name)
          const stale = yield* claim(name)
          yield* catchUp(projection)
          const error = yield* Effect.flip(
            Checkpoint.advance(name, stale.epoch, [
              { slice: 0, from: stale.positions[0] ?? 0, to: 1_000_000 }
            ])
          )
          assert.deepStrictEqual(error, new Checkpoint.Fenced({ name }))
          const current = yield* claim(name)
          const gap = [{ slice: 0, from: (current.positions[0] ?? 0) + 1, to: 1_000_000 }]
          assert.deepStrictEqual(
            yield* Effect.flip(Checkpoint.advance(name, current.epoch, gap)),
            new Checkpoint.Fenced({ name })
          )
          assert.deepStrictEqual((yield* claim(name)).positions, current.positions)
          assert.deepStrictEqual(yield* dump(name), before)
        })
      )
    }
  )
}

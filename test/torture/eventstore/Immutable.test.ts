import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { freshStream, meta, note, owner } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { make } from "./LogWorld.ts"

const everyEvent = `SELECT md5(coalesce(string_agg(e::text, '' ORDER BY slice, slice_pos), '')) AS digest,
  count(*)::int AS count FROM event e`

const tables = `
  WITH RECURSIVE family (oid) AS (
    SELECT 'event'::regclass::oid
    UNION ALL
    SELECT inhrelid FROM pg_inherits JOIN family ON inhparent = family.oid
  )
  SELECT oid::regclass::text AS name FROM family ORDER BY 1`

const row = `(slice, slice_pos, stream_id, stream_pos, type, schema_version, header, recorded_at, command_key, ordinal,
  header_hash)`

/** All ways to change or remove rows of a table that SQL has. */
const changes = (table: string): ReadonlyArray<string> => [
  `UPDATE ${table} SET type = 'Forged'`,
  `UPDATE ONLY ${table} SET type = 'Forged'`,
  `UPDATE ${table} SET type = 'Forged' WHERE false`,
  `UPDATE ${table} SET slice = slice WHERE slice = 1000`,
  `DELETE FROM ${table}`,
  `DELETE FROM ONLY ${table} WHERE false`,
  `DELETE FROM ${table} USING stream WHERE stream.stream_id = ${table}.stream_id`,
  `TRUNCATE ${table}`,
  `TRUNCATE ${table} CASCADE`,
  `WITH gone AS (DELETE FROM ${table} RETURNING *) SELECT count(*) FROM gone`,
  `INSERT INTO ${table} ${row}
     SELECT slice, slice_pos, stream_id, stream_pos, 'Forged', schema_version, header, recorded_at, command_key,
       ordinal, header_hash
     FROM ${table}
     ON CONFLICT (slice, slice_pos) DO UPDATE SET type = excluded.type`,
  `MERGE INTO ${table} USING (SELECT 1) AS one ON true WHEN MATCHED THEN UPDATE SET type = 'Forged'`,
  `MERGE INTO ${table} USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE`,
  `MERGE INTO ${table} USING (SELECT 1) AS one ON false WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN DO NOTHING`
]

describe.each(TestDatabase.whichServers())("the record on %s", (server) => {
  for (const role of ["origin", "replica", "local"]) {
    it.live(`refuses every change by hand, in the table and in each partition, in the role ${role}`, () =>
      Effect.gen(function* () {
        const world = yield* make(server)
        const store = yield* world.node("a")
        yield* Effect.forEach(
          Array.from({ length: 40 }, freshStream),
          (stream) => store.execute(note, stream, { owner, text: "one" }, meta()),
          { concurrency: "unbounded" }
        )
        const hand = yield* world.byHand
        yield* hand.query(`SET session_replication_role = ${role}`)
        const before = (yield* hand.query(everyEvent)).rows
        const names = (yield* hand.query(tables)).rows.map(({ name }) => String(name))
        assert.strictEqual(names.length, 17)
        let refused = 0
        for (const name of names) {
          for (const change of changes(name)) {
            const result = yield* Effect.result(hand.query(change))
            if (Result.isSuccess(result)) return assert.fail(`not refused: ${change}`)
            const { cause } = result.failure.reason
            assert.isTrue(
              cause instanceof Error && cause.message.startsWith("events are never changed or removed"),
              `${change}: ${String(cause)}`
            )
            refused += 1
          }
        }
        assert.deepStrictEqual((yield* hand.query(everyEvent)).rows, before)
        console.log(`the record, ${server}, ${role}: ${refused} changes of ${names.length} tables refused`)
      })
    )
  }

  it.live("guards a table only if its trigger is always on", () =>
    Effect.gen(function* () {
      const hand = yield* (yield* make(server)).byHand
      const { rows } = yield* hand.query(
        `SELECT count(*)::int AS guarded FROM pg_trigger
         WHERE tgname = 'never_changed' AND tgenabled = 'A' AND tgrelid::regclass::text IN
           (SELECT name FROM (${tables}) AS family)`
      )
      assert.deepStrictEqual(rows, [{ guarded: 17 }])
    })
  )
})

import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import * as TestDatabase from "../../../../test/servers/TestDatabase.ts"

describe.each(TestDatabase.whichServers())("Tests on %s", (server) => {
  it.live("a test gets an empty UTF-8 database of its own, on a server that keeps what it acknowledged", () =>
    Effect.gen(function* () {
      const url = yield* TestDatabase.make(server)
      const other = yield* TestDatabase.make(server)
      assert.notStrictEqual(Redacted.value(url), Redacted.value(other))
      const sql = yield* PgClient.makeClient({ url })
      const [row] = yield* sql`
        SELECT
          current_setting('fsync') AS fsync,
          current_setting('synchronous_commit') AS commit,
          current_setting('server_encoding') AS encoding,
          lower('ЖÉ') AS lower,
          (SELECT count(*)::int FROM pg_stat_user_tables) AS tables`
      assert.deepStrictEqual(row, { fsync: "on", commit: "on", encoding: "UTF8", lower: "жé", tables: 0 })
    }).pipe(Effect.provide(Reactivity.layer), Effect.scoped)
  )

  it.live("the database is gone when its scope ends, although somebody is still connected", () =>
    Effect.gen(function* () {
      const name = (url: Redacted.Redacted) => new URL(Redacted.value(url)).pathname.slice(1)
      const observer = yield* PgClient.makeClient({ url: yield* TestDatabase.make(server) })
      const dropped = yield* Effect.scoped(
        Effect.gen(function* () {
          const url = yield* TestDatabase.make(server)
          yield* Effect.forkDetach(
            Effect.scoped(Effect.andThen(PgClient.makeClient({ url }), Effect.never)).pipe(Effect.ignore),
            { startImmediately: true }
          )
          return name(url)
        })
      )
      const left = yield* observer`SELECT FROM pg_database WHERE datname = ${dropped}`
      assert.strictEqual(left.length, 0)
    }).pipe(Effect.provide(Reactivity.layer), Effect.scoped)
  )
})

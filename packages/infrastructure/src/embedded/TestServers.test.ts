import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Redacted, References, type Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlError } from "effect/sql/SqlError"
import * as OwnPostgres from "../../../../test/servers/OwnPostgres.ts"
import * as TestDatabase from "../../../../test/servers/TestDatabase.ts"

const sqlOn = (url: Redacted.Redacted) => PgClient.makeClient({ url }).pipe(Effect.provide(Reactivity.layer))

/** On the real clock, and silent: servers that are killed complain. */
const test = <E>(name: string, body: Effect.Effect<void, E, Scope.Scope>) =>
  it.live(name, () => Effect.provideService(body, References.MinimumLogLevel, "None"))

describe.each(TestDatabase.whichServers())("TestDatabase on %s", (server) => {
  test(
    "a test gets an empty UTF-8 database of its own, on a server that keeps what it acknowledged",
    Effect.gen(function* () {
      const url = yield* TestDatabase.make(server)
      const other = yield* TestDatabase.make(server)
      assert.notStrictEqual(Redacted.value(url), Redacted.value(other))
      const sql = yield* sqlOn(url)
      const [row] = yield* sql`
        SELECT
          current_setting('fsync') AS fsync,
          current_setting('synchronous_commit') AS commit,
          current_setting('server_encoding') AS encoding,
          lower('ЖÉ') AS lower,
          (SELECT count(*)::int FROM pg_stat_user_tables) AS tables`
      assert.deepStrictEqual(row, { fsync: "on", commit: "on", encoding: "UTF8", lower: "жé", tables: 0 })
    })
  )

  test(
    "a database can be copied from another one, and is gone when its scope ends although somebody is connected",
    Effect.gen(function* () {
      const template = yield* TestDatabase.make(server)
      const nameOf = (url: Redacted.Redacted) => new URL(Redacted.value(url)).pathname.slice(1)
      yield* Effect.scoped(Effect.flatMap(sqlOn(template), (sql) => sql`CREATE TABLE copied (id int)`))
      const observer = yield* sqlOn(yield* TestDatabase.make(server))
      const dropped = yield* Effect.scoped(
        Effect.gen(function* () {
          const url = yield* TestDatabase.make(server, { template: nameOf(template) })
          const connected = yield* Deferred.make<ReadonlyArray<unknown>, SqlError>()
          const session = Effect.gen(function* () {
            const sql = yield* sqlOn(url)
            yield* Deferred.succeed(connected, yield* sql`SELECT * FROM copied`)
            return yield* Effect.never
          })
          yield* Effect.forkDetach(
            Effect.catch(Effect.scoped(session), (error) => Deferred.fail(connected, error))
          )
          assert.deepStrictEqual(yield* Deferred.await(connected), [])
          return nameOf(url)
        })
      )
      const left = yield* observer`SELECT FROM pg_database WHERE datname = ${dropped}`
      assert.strictEqual(left.length, 0)
    })
  )
})

describe.each(OwnPostgres.whichServers())("OwnPostgres on %s", (server) => {
  test(
    "killed in the midst of writing and started again, it has every row it acknowledged (F7)",
    Effect.gen(function* () {
      const own = yield* OwnPostgres.make(server)
      const first = yield* own.start
      const acknowledged: Array<number> = []
      const enough = yield* Deferred.make<void>()
      const writer = yield* Effect.gen(function* () {
        const sql = yield* sqlOn(own.url)
        yield* sql`CREATE TABLE note (id int PRIMARY KEY)`
        for (let id = 1; ; id++) {
          yield* sql`INSERT INTO note ${sql.insert({ id })}`
          acknowledged.push(id)
          if (id === 300) yield* Deferred.succeed(enough, undefined)
        }
      }).pipe(Effect.scoped, Effect.exit, Effect.forkChild)
      yield* Deferred.await(enough)
      const second = yield* own.restart
      yield* Fiber.join(writer)
      assert.notStrictEqual(second.pid, first.pid)
      const sql = yield* sqlOn(own.url)
      const there = new Set((yield* sql`SELECT id FROM note`).map(({ id }) => id))
      assert.deepStrictEqual(
        acknowledged.filter((id) => !there.has(id)),
        []
      )
      // At most the one that was under way.
      assert.isAtMost(there.size - acknowledged.length, 1)
    })
  )
})

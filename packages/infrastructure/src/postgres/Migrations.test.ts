import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../../../test/servers/TestDatabase.ts"
import { ensureMigrated, type Migrations, migrate } from "./Migrations.ts"

const statement = (text: string) => SqlClient.SqlClient.use((sql) => sql.unsafe(text))

const migrations: Migrations = {
  "0100_seat": statement("CREATE TABLE seat (train int REFERENCES train, number int)"),
  "0001_train": statement("CREATE TABLE train (id int PRIMARY KEY)"),
  "0010_first_train": statement("INSERT INTO train VALUES (1)")
}
const names = ["0001_train", "0010_first_train", "0100_seat"]

/** A client of its own, as another process would have. */
const connect = (url: Redacted.Redacted, startupParameters?: Record<string, string>) =>
  PgClient.makeClient({ url, ...(startupParameters && { startupParameters }) }).pipe(
    Effect.provide(Reactivity.layer)
  )

const on =
  (client: PgClient.PgClient) =>
  <A, E>(effect: Effect.Effect<A, E, SqlClient.SqlClient>) =>
    Effect.provideService(effect, SqlClient.SqlClient, client)

const tables = SqlClient.SqlClient.use(
  (sql) => sql<{ name: string }>`
    SELECT tablename AS name
    FROM pg_tables
    WHERE schemaname = 'public'
    ORDER BY tablename`
).pipe(Effect.map((rows) => rows.map(({ name }) => name)))

describe.each(TestDatabase.whichServers())("migrate on %s", (server) => {
  it.live("applies everything once when six processes start at the same instant", () =>
    Effect.gen(function* () {
      const url = yield* TestDatabase.make(server)
      const clients = yield* Effect.all(
        Array.from({ length: 6 }, () => connect(url)),
        { concurrency: 6 }
      )
      const ran = yield* Effect.forEach(clients, (client) => on(client)(migrate(migrations)), {
        concurrency: 6
      })
      assert.deepStrictEqual(
        ran.toSorted((a, b) => b.length - a.length),
        [names, [], [], [], [], []]
      )
      for (const client of clients) {
        assert.deepStrictEqual(yield* on(client)(tables), ["schema_migration", "seat", "train"])
      }
    })
  )

  it.live("leaves nothing of a run in which one migration fails, and can be run again", () =>
    Effect.gen(function* () {
      const client = yield* connect(yield* TestDatabase.make(server))
      const broken: Migrations = { ...migrations, "0011_broken": statement("INSERT INTO nowhere VALUES (1)") }
      const error = yield* Effect.flip(on(client)(migrate(broken)))
      assert(error._tag === "MigrationFailed")
      assert.strictEqual(error.migration, "0011_broken")
      assert.deepStrictEqual(yield* on(client)(tables), [])
      assert.deepStrictEqual(yield* on(client)(migrate(migrations)), names)
    })
  )

  it.live("refuses a database that has a migration it does not know, and touches nothing", () =>
    Effect.gen(function* () {
      const client = yield* connect(yield* TestDatabase.make(server))
      yield* on(client)(migrate({ ...migrations, "0101_wagon": statement("CREATE TABLE wagon (id int)") }))
      const older: Migrations = { ...migrations, "0020_never": statement("CREATE TABLE never (id int)") }
      const error = yield* Effect.flip(on(client)(migrate(older)))
      assert(error._tag === "DatabaseNewerThanProgram")
      assert.deepStrictEqual(error.unknown, ["0101_wagon"])
      assert.match(error.message, /Start the version that made them/)
      assert.notInclude(yield* on(client)(tables), "never")
    })
  )

  it.live("applies a lower number that came later", () =>
    Effect.gen(function* () {
      const client = yield* connect(yield* TestDatabase.make(server))
      yield* on(client)(migrate(migrations))
      const more: Migrations = {
        ...migrations,
        "0012_second_train": statement("INSERT INTO train VALUES (2)")
      }
      assert.deepStrictEqual(yield* on(client)(migrate(more)), ["0012_second_train"])
    })
  )

  it.live("gives up waiting for another process after its bound, whatever the pool's own time-outs", () =>
    Effect.gen(function* () {
      const url = yield* TestDatabase.make(server)
      const holder = yield* connect(url)
      const other = yield* connect(url, { statement_timeout: "50" })
      const slow: Migrations = {
        "0001_slow": on(other)(migrate(migrations, { waitFor: "150 millis" })).pipe(
          Effect.flip,
          Effect.tap((error) => Effect.sync(() => assert.strictEqual(error._tag, "MigrationsBusy"))),
          Effect.orDie
        )
      }
      assert.deepStrictEqual(yield* on(holder)(migrate(slow)), ["0001_slow"])
    })
  )

  it.live("replaces a definition whose text has changed, once, and does not touch an equal one", () =>
    Effect.gen(function* () {
      const url = yield* TestDatabase.make(server)
      const answering = (answer: number): Migrations => ({
        "0002_answer": {
          createOrReplace: `CREATE OR REPLACE FUNCTION answer() RETURNS int LANGUAGE sql AS 'SELECT ${answer} FROM train'`
        },
        // Needed by the definition before it.
        ...migrations
      })
      const installed = statement("SELECT xmin::text, answer() FROM pg_proc WHERE proname = 'answer'")
      const clients = yield* Effect.all(Array.from({ length: 4 }, () => connect(url)))
      const [client = yield* connect(url)] = clients
      assert.deepStrictEqual(yield* on(client)(migrate(answering(1))), [...names, "0002_answer"])
      const first = yield* on(client)(installed)
      assert.deepStrictEqual(yield* on(client)(migrate(answering(1))), [])
      assert.deepStrictEqual(yield* on(client)(installed), first)

      const ran = yield* Effect.forEach(clients, (each) => on(each)(migrate(answering(2))), {
        concurrency: 4
      })
      assert.deepStrictEqual(ran.flat(), ["0002_answer"])
      assert.deepInclude((yield* on(client)(installed))[0], { answer: 2 })
      const reader = yield* connect(url, { default_transaction_read_only: "on" })
      assert.deepStrictEqual(yield* on(reader)(migrate(answering(2))), [])
    })
  )

  it.live("only reads when there is nothing to do", () =>
    Effect.gen(function* () {
      const url = yield* TestDatabase.make(server)
      yield* on(yield* connect(url))(migrate(migrations))
      const reader = yield* connect(url, { default_transaction_read_only: "on" })
      assert.deepStrictEqual(yield* on(reader)(migrate(migrations)), [])
    })
  )

  it.live("C6 tells programs beside the service whether the database is theirs, and changes nothing", () =>
    Effect.gen(function* () {
      const url = yield* TestDatabase.make(server)
      const client = yield* connect(url)
      const reader = yield* connect(url, { default_transaction_read_only: "on" })
      const empty = yield* Effect.flip(on(reader)(ensureMigrated(migrations)))
      assert(empty._tag === "DatabaseOlderThanProgram")
      assert.deepStrictEqual(empty.missing, names)
      yield* on(client)(migrate(migrations))
      yield* on(reader)(ensureMigrated(migrations))
      const more: Migrations = { ...migrations, "0012_second_train": statement("SELECT 1") }
      const older = yield* Effect.flip(on(reader)(ensureMigrated(more)))
      assert.include(older.message, "0012_second_train")
      assert.include(older.message, "npm start")
      yield* on(client)(migrate(more))
      assert.strictEqual(
        (yield* Effect.flip(on(reader)(ensureMigrated(migrations))))._tag,
        "DatabaseNewerThanProgram"
      )
    })
  )
})

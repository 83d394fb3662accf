import { assert, describe, it } from "@effect/vitest"
import type { PersonDetails } from "@indelible/application/people/People"
import { Deferred, Effect, Fiber, Layer, Option, Redacted, type Scope } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient, Statement } from "effect/sql"
import * as MigratedDatabase from "../../../../test/contract/MigratedDatabase.ts"
import * as TestDatabase from "../../../../test/servers/TestDatabase.ts"
import * as InstallationKey from "../keys/InstallationKey.ts"
import { keyVaultMigrations } from "./KeyVaultMigration.ts"
import { peopleMigrations } from "./PeopleMigration.ts"
import * as PgPeople from "./PgPeople.ts"

const ada: PersonDetails = {
  name: "Ada Lovelace",
  email: "ada@example.org",
  role: "worker",
  status: "active"
}

/** Erases Ada by hand, as the command will. */
const eraseAda = SqlClient.SqlClient.use(
  (sql) => sql`
    WITH next AS (UPDATE vault.person_change SET last = last + 1 RETURNING last)
    UPDATE vault.person
    SET user_id = NULL, name = NULL, email = NULL, erased_at = now(), change = next.last
    FROM next
    WHERE user_id = 'user/ada'`
)

/** Until another session of this database waits for a lock. */
const someoneWaits = SqlClient.SqlClient.use((sql) =>
  sql`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.pipe(
    Effect.repeat({ until: (rows) => rows.length > 0 })
  )
)

/** Does `change` in a transaction that stays open until told to commit. */
const held = Effect.fn(function* <A, E, R>(change: Effect.Effect<A, E, R>) {
  const sql = yield* SqlClient.SqlClient
  const [changed, commit] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
  const transaction = yield* Effect.forkChild(
    sql.withTransaction(
      Effect.tap(change, () => Effect.andThen(Deferred.succeed(changed, undefined), Deferred.await(commit)))
    )
  )
  yield* Deferred.await(changed)
  return Effect.andThen(Deferred.succeed(commit, undefined), Fiber.join(transaction))
})

describe.each(TestDatabase.whichServers())("PgPeople on %s", (server) => {
  const layer = Layer.mergeAll(
    MigratedDatabase.layer(server, { ...keyVaultMigrations, ...peopleMigrations }),
    SecureRandom.layerWebCrypto,
    Layer.succeed(
      InstallationKey.InstallationKey,
      InstallationKey.make(Redacted.make(new Uint8Array(32).fill(5)))
    )
  )
  const scenario = <E>(
    name: string,
    body: Effect.Effect<void, E, Layer.Success<typeof layer> | Scope.Scope>
  ) => it.live(name, () => Effect.provide(body, layer))

  scenario(
    "a later change does not become visible before an earlier one that is still being written",
    Effect.gen(function* () {
      const people = yield* PgPeople.make()
      const commit = yield* held(people.put("user/ada", ada))
      const later = yield* Effect.forkChild(people.put("user/bob", ada))
      yield* someoneWaits
      assert.deepStrictEqual(yield* people.changedSince(0), { cursor: 0, people: [] })
      const [first, second] = [yield* commit, yield* Fiber.join(later)]
      assert.deepStrictEqual(yield* people.changedSince(0), { cursor: 2, people: [first, second] })
    })
  )

  scenario(
    "6.5 a put that meets an erasure still being written is refused",
    Effect.gen(function* () {
      const people = yield* PgPeople.make()
      yield* people.put("user/ada", ada)
      const commit = yield* held(eraseAda)
      const put = yield* Effect.forkChild(Effect.flip(people.put("user/ada", { ...ada, name: "Countess" })))
      yield* someoneWaits
      yield* commit
      assert.strictEqual((yield* Fiber.join(put))._tag, "PersonErased")
    })
  )

  scenario(
    "6.5 nothing of an erased person is left in the row but a keyed hash, and none can be erased by half",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const people = yield* PgPeople.make()
      yield* people.put("user/ada", ada)
      yield* Effect.flip(sql`UPDATE vault.person SET erased_at = now(), name = NULL`)
      yield* Effect.flip(sql`UPDATE vault.person SET email = NULL`)
      yield* eraseAda
      const [row] = yield* sql<{ text: string }>`SELECT person::text FROM vault.person`
      for (const trace of ["user/ada", Buffer.from("user/ada").toString("hex"), "Lovelace", "@example.org"]) {
        assert.notInclude(JSON.stringify(row), trace)
      }
    })
  )

  scenario(
    "a put that changes nothing writes nothing",
    Effect.gen(function* () {
      const people = yield* PgPeople.make()
      const person = yield* people.put("user/ada", ada)
      // The lock that every change takes is held, so a write would never end.
      const commit = yield* held(people.put("user/bob", ada))
      assert.deepStrictEqual(yield* people.put("user/ada", ada), person)
      yield* commit
    })
  )

  scenario(
    "F29 people who come back at the same moment cost a few statements, and each gets their own answer",
    Effect.gen(function* () {
      let statements = 0
      const people = yield* PgPeople.make().pipe(
        Effect.provideService(Statement.CurrentTransformer, (statement) =>
          Effect.sync(() => {
            statements += 1
            return statement
          })
        )
      )
      const present = yield* Effect.forEach([0, 1, 2, 3, 4], (n) => people.put(`user/${n}`, ada))
      statements = 0
      const asked = Array.from({ length: 100 }, (_, n) => n % 10)
      const found = yield* Effect.forEach(asked, (n) => people.byUserId(`user/${n}`), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(
        found,
        asked.map((n) => Option.fromUndefinedOr(present[n]))
      )
      assert.isAtMost(statements, 3)
    })
  )

  scenario(
    "an answer that cannot be had is an outage, with its cause",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const people = yield* PgPeople.make()
      yield* sql`ALTER TABLE vault.person RENAME TO away`
      for (const question of [
        people.byUserId("user/ada"),
        people.changedSince(0),
        people.put("user/ada", ada)
      ]) {
        const error = yield* Effect.flip(Effect.asVoid<unknown, { readonly _tag: string }, never>(question))
        assert.strictEqual(error._tag, "DirectoryUnavailable")
      }
    })
  )
})

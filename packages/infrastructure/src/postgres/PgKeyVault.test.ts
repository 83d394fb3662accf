import { assert, describe, it } from "@effect/vitest"
import type { KeyVault } from "@indelible/application/keys/KeyVault"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Deferred, Effect, Fiber, Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import * as MigratedDatabase from "../../../../test/contract/MigratedDatabase.ts"
import * as TestDatabase from "../../../../test/servers/TestDatabase.ts"
import * as AesMasterKey from "../keys/AesMasterKey.ts"
import { MasterKey, type MasterKeyError } from "../keys/MasterKey.ts"
import { keyVaultMigrations } from "./KeyVaultMigration.ts"
import * as PgKeyVault from "./PgKeyVault.ts"

type Vault = KeyVault["Service"]

const subject = SubjectId.make("5b7c0000-0000-4000-8000-000000000001")
const other = SubjectId.make("5b7c0000-0000-4000-8000-000000000002")
const at = Date.parse("2026-05-01T00:00:00.000Z")

const masterKey = (fill: number) =>
  Layer.effect(MasterKey, AesMasterKey.make(Redacted.make(new Uint8Array(32).fill(fill))))

const run = (text: string) => SqlClient.SqlClient.use((sql) => sql.unsafe(text))

/** While it runs, only what is cached can be answered. */
const withoutTable = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    run("ALTER TABLE vault.content_key RENAME TO away"),
    () => effect,
    () => Effect.orDie(run("ALTER TABLE vault.away RENAME TO content_key"))
  )

/** A vault whose master key stops at `operation` until told to go on. */
const pausedAt = Effect.fn(function* (operation: "wrap" | "unwrap") {
  const master = yield* MasterKey
  const [reached, release] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
  const pause = <A>(effect: Effect.Effect<A, MasterKeyError>) =>
    Deferred.succeed(reached, undefined).pipe(Effect.andThen(Deferred.await(release)), Effect.andThen(effect))
  const slow = MasterKey.of({
    ...master,
    [operation]: (bytes: Uint8Array, context: string) => pause(master[operation](bytes, context))
  })
  const vault = yield* PgKeyVault.make().pipe(Effect.provideService(MasterKey, slow))
  return { vault, reached: Deferred.await(reached), release: Deferred.succeed(release, undefined) }
})

const errorTag = (vault: Vault) => Effect.map(Effect.flip(vault.keyFor(subject, at)), ({ _tag }) => _tag)

describe.each(TestDatabase.whichServers())("PgKeyVault on %s", (server) => {
  const layer = Layer.mergeAll(masterKey(1), MigratedDatabase.layer(server, keyVaultMigrations)).pipe(
    Layer.provideMerge(SecureRandom.layerWebCrypto)
  )
  const scenario = <E>(name: string, body: Effect.Effect<void, E, Layer.Success<typeof layer>>) =>
    it.effect(name, () => Effect.provide(body, layer))

  scenario(
    "the slower of two nodes that make a key at once takes the faster one's",
    Effect.gen(function* () {
      const slow = yield* pausedAt("wrap")
      const making = yield* Effect.forkChild(slow.vault.keyFor(subject, at))
      yield* slow.reached
      const fast = yield* PgKeyVault.make()
      const won = yield* fast.keyFor(subject, at)
      yield* slow.release
      assert.deepStrictEqual(yield* Fiber.join(making), won)
      const sql = yield* SqlClient.SqlClient
      assert.deepStrictEqual(yield* sql`SELECT key_id FROM vault.content_key`, [{ key_id: won.keyId }])
    })
  )

  scenario(
    "a key that an older backup had not can come back beside the one made since",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const lost = yield* (yield* PgKeyVault.make()).keyFor(subject, at)
      const [row] = yield* sql<{ wrapped: Uint8Array }>`SELECT wrapped FROM vault.content_key`
      yield* run("TRUNCATE vault.content_key, vault.current_key")

      const since = yield* (yield* PgKeyVault.make()).keyFor(subject, at)
      assert.notStrictEqual(since.keyId, lost.keyId)
      yield* sql`
        INSERT INTO vault.content_key (key_id, wrapped, created_at)
        VALUES (${lost.keyId}, ${row?.wrapped}, now())`

      const vault = yield* PgKeyVault.make()
      const opened = yield* vault.open([lost.keyId, since.keyId])
      assert.deepStrictEqual(opened.get(lost.keyId), lost)
      assert.deepStrictEqual(opened.get(since.keyId), since)
      assert.deepStrictEqual(yield* vault.keyFor(subject, at), since)

      // Either can be destroyed; only the current one's destruction forbids new content.
      yield* vault.destroy(lost.keyId)
      assert.deepStrictEqual(yield* vault.keyFor(subject, at), since)
      yield* vault.destroy(since.keyId)
      assert.strictEqual(yield* errorTag(vault), "KeyDestroyed")
      assert.strictEqual(yield* errorTag(yield* PgKeyVault.make()), "KeyDestroyed")
      assert.lengthOf(yield* sql`SELECT FROM vault.content_key`, 2)
    })
  )

  scenario(
    "a node whose vault is restored under it does not hold on to an id that has no key any more",
    Effect.gen(function* () {
      const lost = yield* (yield* PgKeyVault.make()).keyFor(subject, at)
      const vault = yield* PgKeyVault.make()
      yield* vault.open([lost.keyId])
      // From here it remembers the id, and for a minute more the key.
      yield* TestClock.adjust("4 minutes")
      yield* vault.keyFor(subject, at)
      yield* run("TRUNCATE vault.content_key, vault.current_key")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* errorTag(vault), "KeyVaultUnavailable")
      assert.notStrictEqual((yield* vault.keyFor(subject, at)).keyId, lost.keyId)
    })
  )

  scenario(
    "a key destroyed on another node is used for 5 minutes more at most",
    Effect.gen(function* () {
      const [here, there] = [yield* PgKeyVault.make(), yield* PgKeyVault.make()]
      const { keyId } = yield* here.keyFor(subject, at)
      yield* there.destroy(keyId)
      yield* TestClock.adjust("299 seconds")
      assert.strictEqual((yield* here.keyFor(subject, at)).keyId, keyId)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* errorTag(here), "KeyDestroyed")
      assert.strictEqual((yield* here.open([keyId])).size, 0)
    })
  )

  scenario(
    "a key that is being read while this node destroys it is gone from its memory too",
    Effect.gen(function* () {
      const reads = [
        { who: subject, read: (vault: Vault, keyId: string) => Effect.asVoid(vault.open([keyId])) },
        { who: other, read: (vault: Vault) => Effect.asVoid(vault.keyFor(other, at)) }
      ]
      for (const { who, read } of reads) {
        const key = yield* (yield* PgKeyVault.make()).keyFor(who, at)
        const { vault, reached, release } = yield* pausedAt("unwrap")
        const reading = yield* Effect.forkChild(read(vault, key.keyId))
        yield* reached
        yield* vault.destroy(key.keyId)
        yield* release
        yield* Fiber.join(reading)
        assert.strictEqual((yield* vault.open([key.keyId])).size, 0)
        assert.strictEqual((yield* Effect.flip(vault.keyFor(who, at)))._tag, "KeyDestroyed")
      }
    })
  )

  scenario(
    "answers from memory without a statement, and remembers no more than its capacity",
    Effect.gen(function* () {
      const vault = yield* PgKeyVault.make({ capacity: 2 })
      const first = yield* vault.keyFor(subject, at)
      const second = yield* vault.keyFor(other, at)
      yield* withoutTable(
        Effect.gen(function* () {
          assert.strictEqual(yield* vault.keyFor(subject, at), first)
          assert.strictEqual((yield* vault.open([first.keyId, second.keyId])).size, 2)
        })
      )
      yield* vault.keyFor("system", at)
      assert.strictEqual(yield* withoutTable(errorTag(vault)), "KeyVaultUnavailable")
      assert.deepStrictEqual(yield* vault.keyFor(subject, at), first)
    })
  )

  scenario(
    "a key made within a transaction that rolls back is stored all the same",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const vault = yield* PgKeyVault.make()
      const used = yield* Effect.flip(
        sql.withTransaction(Effect.flatMap(vault.keyFor(subject, at), (key) => Effect.fail({ key })))
      )
      assert("key" in used)
      const elsewhere = yield* PgKeyVault.make()
      const { keyId } = used.key
      assert.deepStrictEqual((yield* elsewhere.open([keyId])).get(keyId), used.key)
    })
  )

  scenario(
    "stores keys wrapped, each bound to its row and to the master key",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const vault = yield* PgKeyVault.make()
      const keys = [yield* vault.keyFor(subject, at), yield* vault.keyFor(other, at)]
      const rows = yield* sql<{ wrapped: Uint8Array }>`SELECT wrapped FROM vault.content_key`
      for (const { wrapped } of rows) {
        for (const { bytes } of keys) assert.strictEqual(Buffer.from(wrapped).indexOf(bytes), -1)
      }
      const keyIds = keys.map(({ keyId }) => keyId)
      const stranger = yield* Effect.provide(PgKeyVault.make(), masterKey(2))
      const refused = yield* Effect.flip(stranger.open(keyIds))
      assert.include(String(refused.cause), "wrapped by master key")

      yield* run(`
        UPDATE vault.content_key AS one SET wrapped = two.wrapped
        FROM vault.content_key AS two WHERE one.key_id <> two.key_id`)
      const swapped = yield* Effect.flip((yield* PgKeyVault.make()).open(keyIds))
      assert.include(String(swapped.cause), "belongs to something else")
    })
  )
})

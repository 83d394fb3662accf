import { assert, describe, it } from "@effect/vitest"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { People } from "@indelible/application/people/People"
import { EventStore } from "@indelible/application/store/EventStore"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as AesMasterKey from "@indelible/infrastructure/keys/AesMasterKey"
import * as InstallationKey from "@indelible/infrastructure/keys/InstallationKey"
import { MasterKey } from "@indelible/infrastructure/keys/MasterKey"
import * as AnsweringPool from "@indelible/infrastructure/postgres/AnsweringPool"
import { keyVaultMigrations } from "@indelible/infrastructure/postgres/KeyVaultMigration"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import { peopleMigrations } from "@indelible/infrastructure/postgres/PeopleMigration"
import * as PgKeyVault from "@indelible/infrastructure/postgres/PgKeyVault"
import * as PgPeople from "@indelible/infrastructure/postgres/PgPeople"
import { Freshness } from "@indelible/projections/engine/Freshness"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { projectionMigrations } from "@indelible/projections/migrations"
import { Effect, Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { freshStream, notebook, owner } from "../../contract/Notebook.ts"
import * as FaultProxy from "../../faults/FaultProxy.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { timed } from "./Traffic.ts"

const capacity = 50
const secret = Redacted.make(new Uint8Array(32).fill(7))

const migrations = {
  ...eventLogMigrations,
  ...keyVaultMigrations,
  ...peopleMigrations,
  ...projectionMigrations
}

/** Everything that reads, on one pool. */
const node = (url: Redacted.Redacted) =>
  Layer.mergeAll(PgEventStore.layer({ url, node: "a", capacity }), PgPeople.layer, Inbox.layer).pipe(
    Layer.provideMerge(Freshness.layer),
    Layer.provideMerge(ProjectionProgress.layer),
    Layer.provideMerge(EnvelopeOpener.layer),
    Layer.provideMerge(PgKeyVault.layer),
    Layer.provide(Layer.effect(MasterKey, AesMasterKey.make(secret))),
    Layer.provide(Layer.succeed(InstallationKey.InstallationKey, InstallationKey.make(secret))),
    Layer.provideMerge(Layer.effectDiscard(migrate(migrations))),
    Layer.provideMerge(AnsweringPool.layer({ url, maxConnections: 4 })),
    Layer.provideMerge(SecureRandom.layerWebCrypto)
  )

const tagAfter = <A, E extends { readonly _tag: string }, R>(asking: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const start = performance.now()
    const { _tag } = yield* Effect.flip(asking)
    return { _tag, millis: performance.now() - start }
  })

describe("a database that nothing comes back from, asked by everyone", () => {
  it.live("answers each in the words of its part within 6 s, and tells the surplus of commands at once", () =>
    Effect.gen(function* () {
      const proxy = yield* FaultProxy.make(yield* TestDatabase.make("embedded"))
      const context = yield* Layer.build(node(proxy.url))
      yield* Effect.gen(function* () {
        const store = yield* EventStore
        const vault = yield* KeyVault
        const people = yield* People
        const inbox = yield* Inbox
        const stream = freshStream()
        yield* store.readStream(stream, 0, 1)
        yield* proxy.blackhole
        const flood = Effect.all(
          Array.from({ length: 500 }, () => timed(store, freshStream())),
          { concurrency: "unbounded" }
        )
        const [answers, ...told] = yield* Effect.all(
          [
            flood,
            tagAfter(store.readStream(stream, 0, 1)),
            tagAfter(store.heads(notebook, [stream])),
            tagAfter(vault.keyFor(owner, 0)),
            tagAfter(vault.open([`${owner}/2020-Q1`])),
            tagAfter(people.byUserId("somebody")),
            tagAfter(inbox.list({ subject: owner, view: "active", limit: 50 }))
          ],
          { concurrency: "unbounded" }
        )
        assert.deepStrictEqual(
          told.map(({ _tag }) => _tag),
          [
            "Unavailable",
            "Unavailable",
            "KeyVaultUnavailable",
            "KeyVaultUnavailable",
            "DirectoryUnavailable",
            "ReadModelUnavailable"
          ]
        )
        for (const { millis } of told) assert.isBelow(millis, 6_000)
        const byOutcome = Map.groupBy(answers, ({ outcome }) => outcome)
        assert.deepStrictEqual([...byOutcome.keys()].toSorted(), ["Overloaded", "Unavailable"])
        assert.lengthOf(byOutcome.get("Unavailable") ?? [], capacity)
        for (const { millis, outcome } of answers) {
          assert.isBelow(millis, outcome === "Overloaded" ? 1_000 : 6_000)
        }

        // The places of those who got no key are free again.
        yield* proxy.heal
        let outcome = (yield* timed(store, stream)).outcome
        for (let i = 0; i < 3 && outcome !== "ok"; i++) outcome = (yield* timed(store, stream)).outcome
        assert.strictEqual(outcome, "ok")
      }).pipe(Effect.provideContext(context))
    })
  )
})

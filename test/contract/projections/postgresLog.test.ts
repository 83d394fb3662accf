import { PgClient } from "@effect/sql-pg"
import { assert, it } from "@effect/vitest"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventLog from "@indelible/infrastructure/postgres/log/PgEventLog"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import * as PgLogWakeUp from "@indelible/infrastructure/postgres/log/PgLogWakeUp"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import { Freshness } from "@indelible/projections/engine/Freshness"
import { LockConnection, own } from "@indelible/projections/engine/Ownership"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { run } from "@indelible/projections/engine/Runner"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { projectionMigrations } from "@indelible/projections/migrations"
import { Effect, Layer, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import { Reactivity } from "effect/reactivity"
import type { PostgresServer } from "../../servers/PostgresServers.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { dump, projections, rebuild } from "./ReadModelDatabase.ts"
import * as Talk from "./Talk.ts"

/** Everything in one database, as the product has it. */
const layer = (server: PostgresServer) =>
  Layer.unwrap(
    Effect.map(TestDatabase.make(server), (url) =>
      Inbox.layer.pipe(
        Layer.provideMerge(Freshness.layer),
        Layer.provideMerge(ProjectionProgress.layer),
        Layer.provideMerge(Layer.merge(PgLogWakeUp.layer, PgEventLog.layer)),
        Layer.provideMerge(PgEventStore.layer({ url, node: "test" })),
        Layer.provideMerge(EnvelopeOpener.layer),
        Layer.provideMerge(MemoryKeyVault.layer),
        Layer.provideMerge(
          Layer.succeed(LockConnection, PgClient.makeClient({ url }).pipe(Effect.provide(Reactivity.layer)))
        ),
        Layer.provideMerge(Layer.effectDiscard(migrate({ ...eventLogMigrations, ...projectionMigrations }))),
        Layer.provideMerge(PgClient.layer({ url, maxConnections: 8 })),
        Layer.provide(SecureRandom.layerWebCrypto)
      )
    )
  )

for (const server of TestDatabase.whichServers()) {
  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(
    `Projections of the log in Postgres (${server})`,
    (it) => {
      it.effect("follow 20 people talking at once, each reading its own writes (I3, I7)", () =>
        Effect.gen(function* () {
          yield* Effect.forkScoped(
            own(
              projections.map((one) => ({
                name: one.name,
                kind: "projection" as const,
                body: run(one, "test")
              }))
            )
          )
          const [inbox, freshness] = [yield* Inbox, yield* Freshness]
          // On a crowded machine 250 ms may be too little; late is an answer, wrong is not.
          const patiently = <A, E extends { readonly _tag: string }, R>(query: Effect.Effect<A, E, R>) =>
            Effect.retry(query, { while: ({ _tag }) => _tag === "NotYetFresh", times: 40 })
          const pairs = Array.from({ length: 20 }, (_, i) =>
            Talk.pair(`log ${i}`, Talk.person("business"), Talk.person(`worker ${i}`))
          )
          const talk = Effect.fn(function* (pair: Talk.Pair) {
            let { token } = yield* Talk.start(pair)
            for (let sent = 1; sent <= 20; sent++) {
              token = (yield* Talk.say(pair, "worker", `number ${sent}`)).token
              const entry = yield* patiently(inbox.one(pair.business, pair.id, token))
              const { messageCount, unread } = Option.getOrThrow(entry)
              assert.deepStrictEqual([messageCount, unread], [sent, sent])
            }
            return token
          })
          const tokens = yield* Effect.forEach(pairs, talk, { concurrency: "unbounded" })
          const names = projections.map(({ name }) => name)
          yield* Effect.forEach(tokens, (token) => patiently(freshness.atLeast(names, token)))
          for (const projection of projections) {
            yield* rebuild(projection, `${projection.name}_again`)
            assert.deepStrictEqual(yield* dump(`${projection.name}_again`), yield* dump(projection.name))
          }
        })
      )
    }
  )
}

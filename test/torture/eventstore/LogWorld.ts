import { PgClient, PgConnection } from "@effect/sql-pg"
import { EventStore } from "@indelible/application/store/EventStore"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import { Context, Effect, Layer, type Redacted, References } from "effect"
import { SecureRandom } from "effect/crypto"
import type { PostgresServer } from "../../servers/PostgresServers.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"

export interface NodeOptions {
  /** Where it appends, if not straight at the database: through a proxy. */
  readonly over?: Redacted.Redacted
  /** Whether it reads the same way. */
  readonly readsOverToo?: boolean
  readonly lanes?: number
  readonly capacity?: number
  /** Its source of randomness, if not the usual one. */
  readonly random?: SecureRandom.SecureRandom["Service"]
}

/** One database with its keys, and any number of store nodes on it, all gone with the scope. */
export const make = Effect.fn("LogWorld.make")(function* (server: PostgresServer) {
  const url = yield* TestDatabase.make(server)
  const shared = yield* Layer.build(
    EnvelopeOpener.layer.pipe(
      Layer.provideMerge(MemoryKeyVault.layer),
      Layer.provideMerge(
        Layer.provideMerge(
          Layer.effectDiscard(
            Effect.provideService(migrate(eventLogMigrations), References.MinimumLogLevel, "Warn")
          ),
          PgClient.layer({ url, maxConnections: 8 })
        )
      ),
      Layer.provideMerge(SecureRandom.layerWebCrypto)
    )
  )
  const node = (name: string, { over = url, random, readsOverToo = false, ...options }: NodeOptions = {}) => {
    const plain = PgEventStore.layer({ url: over, node: name, ...options })
    const store =
      random === undefined ? plain : Layer.provide(plain, Layer.succeed(SecureRandom.SecureRandom, random))
    const layer = readsOverToo
      ? Layer.provide(store, Layer.orDie(PgClient.layer({ url: over, maxConnections: 4 })))
      : store
    return Layer.build(layer).pipe(
      Effect.provideContext(shared),
      Effect.map((context) => Context.get(context, EventStore))
    )
  }
  return { url, node, byHand: PgConnection.make({ url }) }
})

export type LogWorld = Effect.Success<ReturnType<typeof make>>

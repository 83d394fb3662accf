import { PgClient } from "@effect/sql-pg"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import { Effect, Layer, type Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import type { PostgresServer } from "../servers/PostgresServers.ts"
import * as TestDatabase from "../servers/TestDatabase.ts"

/** The event store on a database that is already there; its content keys live in this layer only. */
export const storeOn = (url: Redacted.Redacted, node = "test") =>
  PgEventStore.layer({ url, node }).pipe(
    Layer.provideMerge(EnvelopeOpener.layer),
    Layer.provideMerge(MemoryKeyVault.layer),
    Layer.provideMerge(
      Layer.provideMerge(
        Layer.effectDiscard(migrate(eventLogMigrations)),
        PgClient.layer({ url, maxConnections: 8 })
      )
    ),
    Layer.provide(SecureRandom.layerWebCrypto)
  )

/** The event store on a fresh database, dropped with the layer. */
export const layer = (server: PostgresServer) =>
  Layer.unwrap(Effect.map(TestDatabase.make(server), (url) => storeOn(url)))

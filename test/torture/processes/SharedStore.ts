import { PgClient } from "@effect/sql-pg"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as AesMasterKey from "@indelible/infrastructure/keys/AesMasterKey"
import { MasterKey } from "@indelible/infrastructure/keys/MasterKey"
import { keyVaultMigrations } from "@indelible/infrastructure/postgres/KeyVaultMigration"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import * as PgKeyVault from "@indelible/infrastructure/postgres/PgKeyVault"
import { Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"

const masterKey = Layer.effect(MasterKey, AesMasterKey.make(Redacted.make(new Uint8Array(32).fill(7))))
const migrations = { ...eventLogMigrations, ...keyVaultMigrations }

/** Connections for reading, keys and wake-ups at most; the store's lines come on top. */
export const poolSize = 4

/** The event store as one of several nodes has it: log and content keys in a database that all of them share. */
export const layer = (url: Redacted.Redacted, node: string) => {
  const pool = PgClient.layer({ url, maxConnections: poolSize, applicationName: `${node} pool` })
  const database = Layer.provideMerge(Layer.effectDiscard(migrate(migrations)), pool)
  return PgEventStore.layer({ url, node }).pipe(
    Layer.provideMerge(EnvelopeOpener.layer),
    Layer.provideMerge(PgKeyVault.layer),
    Layer.provide(masterKey),
    Layer.provideMerge(database),
    Layer.provide(SecureRandom.layerWebCrypto)
  )
}

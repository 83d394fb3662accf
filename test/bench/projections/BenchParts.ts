import { PgClient } from "@effect/sql-pg"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as EnvironmentMasterKey from "@indelible/infrastructure/keys/EnvironmentMasterKey"
import { keyVaultMigrations } from "@indelible/infrastructure/postgres/KeyVaultMigration"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventLog from "@indelible/infrastructure/postgres/log/PgEventLog"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import * as PgKeyVault from "@indelible/infrastructure/postgres/PgKeyVault"
import { projectionMigrations } from "@indelible/projections/migrations"
import { Layer, type Redacted } from "effect"
import { SecureRandom } from "effect/crypto"

/** The log, its keys and the read models on one database, as the projectors of a node have them. */
export const benchParts = (url: Redacted.Redacted, masterKey: Redacted.Redacted) =>
  Layer.mergeAll(PgEventLog.layer, EnvelopeOpener.layer).pipe(
    Layer.provideMerge(PgKeyVault.layer),
    Layer.provide(EnvironmentMasterKey.layer(masterKey)),
    Layer.provideMerge(
      Layer.effectDiscard(migrate({ ...eventLogMigrations, ...keyVaultMigrations, ...projectionMigrations }))
    ),
    Layer.provideMerge(
      PgClient.layer({ url, maxConnections: 10, startupParameters: { timezone: "UTC", jit: "off" } })
    ),
    Layer.provide(SecureRandom.layerWebCrypto)
  )

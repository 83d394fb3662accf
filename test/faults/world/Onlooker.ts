import { PgClient } from "@effect/sql-pg"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as EnvironmentMasterKey from "@indelible/infrastructure/keys/EnvironmentMasterKey"
import * as PgEventLog from "@indelible/infrastructure/postgres/log/PgEventLog"
import * as PgKeyVault from "@indelible/infrastructure/postgres/PgKeyVault"
import { BuildWatch } from "@indelible/projections/operations/BuildWatch"
import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { Layer, type Redacted } from "effect"
import { SecureRandom } from "effect/crypto"

/** Who looks at the database past every proxy, opens what is in it, and asks for read models to be compared. */
export const layer = (url: Redacted.Redacted, masterKey: Redacted.Redacted) =>
  Layer.mergeAll(ProjectionOperations.layer, BuildWatch.layer, EnvelopeOpener.layer).pipe(
    Layer.provide(PgEventLog.layer),
    Layer.provide(PgKeyVault.layer),
    Layer.provide(EnvironmentMasterKey.layer(masterKey)),
    Layer.provide(SecureRandom.layerWebCrypto),
    Layer.provideMerge(PgClient.layer({ url, maxConnections: 4, applicationName: "onlooker" }))
  )

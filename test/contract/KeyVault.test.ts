import * as AesMasterKey from "@indelible/infrastructure/keys/AesMasterKey"
import { MasterKey } from "@indelible/infrastructure/keys/MasterKey"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { keyVaultMigrations } from "@indelible/infrastructure/postgres/KeyVaultMigration"
import * as PgKeyVault from "@indelible/infrastructure/postgres/PgKeyVault"
import { Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import * as TestDatabase from "../servers/TestDatabase.ts"
import { keyVaultContract } from "./keyVaultContract.ts"
import * as MigratedDatabase from "./MigratedDatabase.ts"

const masterKey = Layer.effect(MasterKey, AesMasterKey.make(Redacted.make(new Uint8Array(32).fill(7))))

keyVaultContract("memory", MemoryKeyVault.layer.pipe(Layer.provide(SecureRandom.layerWebCrypto)))

for (const server of TestDatabase.whichServers()) {
  keyVaultContract(
    `Postgres (${server})`,
    PgKeyVault.layer.pipe(
      Layer.provide([masterKey, MigratedDatabase.layer(server, keyVaultMigrations)]),
      Layer.provide(SecureRandom.layerWebCrypto)
    )
  )
}

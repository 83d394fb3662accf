import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import * as MigratedDatabase from "../../../../test/contract/MigratedDatabase.ts"
import * as TestDatabase from "../../../../test/servers/TestDatabase.ts"
import * as AesMasterKey from "../keys/AesMasterKey.ts"
import { InstallationKey } from "../keys/InstallationKey.ts"
import { MasterKey, MasterKeyError } from "../keys/MasterKey.ts"
import { keyVaultMigrations } from "./KeyVaultMigration.ts"
import * as PgInstallationKey from "./PgInstallationKey.ts"

const masterKey = (fill: number) => AesMasterKey.make(Redacted.make(new Uint8Array(32).fill(fill)))

/** Starts a node with this master key; answers what its installation key makes of one message. */
const start = (fill: number) =>
  Effect.gen(function* () {
    const installation = yield* InstallationKey.pipe(
      Effect.provide(PgInstallationKey.layer, { local: true }),
      Effect.provideServiceEffect(MasterKey, masterKey(fill))
    )
    return Buffer.from(installation.mac("test", "message")).toString("hex")
  })

describe.each(TestDatabase.whichServers())("PgInstallationKey on %s", (server) => {
  const layer = Layer.merge(MigratedDatabase.layer(server, keyVaultMigrations), SecureRandom.layerWebCrypto)

  it.effect("is made once, also when nodes start at the same instant", () =>
    Effect.gen(function* () {
      const macs = yield* Effect.all(
        Array.from({ length: 6 }, () => start(1)),
        { concurrency: 6 }
      )
      assert.strictEqual(new Set([...macs, yield* start(1)]).size, 1)
      const sql = yield* SqlClient.SqlClient
      assert.lengthOf(yield* sql`SELECT * FROM vault.installation`, 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("does not start under another master key than it was made with", () =>
    Effect.gen(function* () {
      yield* start(1)
      const error = yield* Effect.flip(start(2))
      assert(error instanceof MasterKeyError)
      assert.strictEqual(error.reason, "other-key")
      assert.include(error.message, "start it with the master key that the database was made with")
    }).pipe(Effect.provide(layer))
  )
})

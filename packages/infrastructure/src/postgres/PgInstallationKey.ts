import { Clock, Effect, Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import * as InstallationKey from "../keys/InstallationKey.ts"
import { MasterKey } from "../keys/MasterKey.ts"

const context = "installation-key"

/**
 * The installation key from its one row, made by whoever starts first; nodes that start at once agree. Building this
 * fails with `other-key` when the master key is not the one the database was made with, before anything is served.
 */
export const layer = Layer.effect(
  InstallationKey.InstallationKey,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const master = yield* MasterKey
    const random = yield* SecureRandom.SecureRandom
    const stored = sql<{ wrapped: Uint8Array }>`SELECT wrapped FROM vault.installation`

    const [existing] = yield* stored
    if (existing === undefined) {
      const wrapped = yield* master.wrap(yield* random.randomBytes(32), context)
      const now = new Date(yield* Clock.currentTimeMillis)
      yield* sql`
        INSERT INTO vault.installation (wrapped, created_at)
        VALUES (${wrapped}, ${now})
        ON CONFLICT DO NOTHING`
    }
    // Read back even after an insert: another node's may have come first.
    const [row] = existing === undefined ? yield* stored : [existing]
    if (row === undefined)
      return yield* Effect.die(new Error("vault.installation lost its row while starting"))
    const key = yield* master.unwrap(row.wrapped, context)
    return InstallationKey.make(Redacted.make(key))
  })
)

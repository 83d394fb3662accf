import { jobLedgerMigrations } from "@indelible/infrastructure/postgres/JobLedgerMigration"
import { keyVaultMigrations } from "@indelible/infrastructure/postgres/KeyVaultMigration"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import { peopleMigrations } from "@indelible/infrastructure/postgres/PeopleMigration"
import { projectionMigrations } from "@indelible/projections/migrations"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"

/** Everything that this program has in its database. A name is never taken away: the database remembers it. */
export const migrations = {
  ...eventLogMigrations,
  ...keyVaultMigrations,
  ...peopleMigrations,
  ...jobLedgerMigrations,
  ...projectionMigrations
}

const mustBeOn = ["fsync", "synchronous_commit", "full_page_writes"]

/** Without these an acknowledged message may be gone after a power cut, and nobody would know. */
const checkDurability = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const off = yield* sql<{ name: string; setting: string }>`
    SELECT name, setting FROM pg_settings
    WHERE name = ANY(${mustBeOn}::text[]) AND setting IN ('off', 'local', 'remote_write') ORDER BY name`
  for (const { name, setting } of off) {
    yield* Effect.logError(
      `THE DATABASE MAY LOSE WHAT IT ACKNOWLEDGED: ${name} is ${setting}. Set it to on before anyone relies on this service.`
    )
  }
})

/** Brings the database to what this program expects, and looks whether it can be relied on. */
export const layer = Layer.effectDiscard(Effect.andThen(migrate(migrations), checkDurability))

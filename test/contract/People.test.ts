import { People } from "@indelible/application/people/People"
import * as InstallationKey from "@indelible/infrastructure/keys/InstallationKey"
import * as MemoryPeople from "@indelible/infrastructure/memory/MemoryPeople"
import { keyVaultMigrations } from "@indelible/infrastructure/postgres/KeyVaultMigration"
import { peopleMigrations } from "@indelible/infrastructure/postgres/PeopleMigration"
import * as PgPeople from "@indelible/infrastructure/postgres/PgPeople"
import { Context, Effect, Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import type { PostgresServer } from "../servers/PostgresServers.ts"
import * as TestDatabase from "../servers/TestDatabase.ts"
import * as MigratedDatabase from "./MigratedDatabase.ts"
import { peopleContract } from "./peopleContract.ts"

const installation = Layer.succeed(
  InstallationKey.InstallationKey,
  InstallationKey.make(Redacted.make(new Uint8Array(32).fill(5)))
)

const onPostgres = (server: PostgresServer) =>
  Effect.fn(function* (options: { readonly pageSize: number }) {
    // Under the test's clock the pool would wake for every second of a year that is skipped.
    const context = yield* TestClock.withLive(
      Layer.build(
        Layer.effect(People, PgPeople.make(options)).pipe(
          Layer.provide([installation, SecureRandom.layerWebCrypto]),
          Layer.provideMerge(MigratedDatabase.layer(server, { ...keyVaultMigrations, ...peopleMigrations }))
        )
      )
    )
    const sql = Context.get(context, SqlClient.SqlClient)
    const erase = (userId: string) => sql`
      WITH next AS (UPDATE vault.person_change SET last = last + 1 RETURNING last)
      UPDATE vault.person
      SET user_id = NULL, name = NULL, email = NULL, erased_at = now(), change = next.last
      FROM next
      WHERE user_id = ${userId}`
    return { people: Context.get(context, People), erase }
  })

peopleContract("memory", (options) => Effect.provide(MemoryPeople.make(options), SecureRandom.layerWebCrypto))

for (const server of TestDatabase.whichServers()) peopleContract(`Postgres (${server})`, onPostgres(server))

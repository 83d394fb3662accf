import * as MemoryApplications from "@indelible/infrastructure/memory/MemoryApplications"
import { keyVaultMigrations } from "@indelible/infrastructure/postgres/KeyVaultMigration"
import { peopleMigrations } from "@indelible/infrastructure/postgres/PeopleMigration"
import * as PgApplications from "@indelible/infrastructure/postgres/PgApplications"
import { Layer } from "effect"
import * as TestDatabase from "../servers/TestDatabase.ts"
import { applicationsContract } from "./applicationsContract.ts"
import * as MigratedDatabase from "./MigratedDatabase.ts"

applicationsContract("memory", MemoryApplications.layer)

for (const server of TestDatabase.whichServers()) {
  const database = MigratedDatabase.layer(server, { ...keyVaultMigrations, ...peopleMigrations })
  applicationsContract(`Postgres (${server})`, PgApplications.layer.pipe(Layer.provide(database)))
}

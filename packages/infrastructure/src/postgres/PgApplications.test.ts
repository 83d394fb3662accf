import { assert, describe, it } from "@effect/vitest"
import { Applications, type JobApplication } from "@indelible/application/people/Applications"
import { Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import * as MigratedDatabase from "../../../../test/contract/MigratedDatabase.ts"
import * as TestDatabase from "../../../../test/servers/TestDatabase.ts"
import { keyVaultMigrations } from "./KeyVaultMigration.ts"
import { peopleMigrations } from "./PeopleMigration.ts"
import * as PgApplications from "./PgApplications.ts"

const application: JobApplication = {
  applicationId: "job 1",
  businessUserId: "user/bob",
  workerUserId: "user/ada",
  status: "open"
}

describe.each(TestDatabase.whichServers())("PgApplications on %s", (server) => {
  const layer = PgApplications.layer.pipe(
    Layer.provideMerge(MigratedDatabase.layer(server, { ...keyVaultMigrations, ...peopleMigrations }))
  )

  it.live("6.5 an application of an erased person reads as absent, and its id stays taken", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const applications = yield* Applications
      yield* applications.put(application)
      yield* sql`UPDATE vault.application SET worker_user_id = NULL WHERE worker_user_id = 'user/ada'`
      assert.deepStrictEqual(yield* applications.byId("job 1"), Option.none())
      assert.strictEqual((yield* Effect.flip(applications.put(application)))._tag, "ApplicationTaken")
    }).pipe(Effect.provide(layer))
  )

  it.live("an answer that cannot be had is an outage, with its cause", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const applications = yield* Applications
      yield* sql`ALTER TABLE vault.application RENAME TO away`
      assert.strictEqual((yield* Effect.flip(applications.put(application)))._tag, "DirectoryUnavailable")
      assert.strictEqual((yield* Effect.flip(applications.byId("job 1")))._tag, "DirectoryUnavailable")
    }).pipe(Effect.provide(layer))
  )
})

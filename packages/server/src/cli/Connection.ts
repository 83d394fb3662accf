import { InspectEvents } from "@indelible/application/store/InspectEvents"
import * as RunningPostgres from "@indelible/infrastructure/embedded/RunningPostgres"
import * as AnsweringPool from "@indelible/infrastructure/postgres/AnsweringPool"
import * as PgEventLog from "@indelible/infrastructure/postgres/log/PgEventLog"
import { ensureMigrated } from "@indelible/infrastructure/postgres/Migrations"
import { BuildWatch } from "@indelible/projections/operations/BuildWatch"
import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { Effect, Layer, Option, Redacted, Schema } from "effect"
import { migrations } from "../database/Migrating.ts"
import { settingsTable } from "../settings/SettingsTable.ts"

/** The database does not answer, or does not let us in; its cause says which. Names no password. */
export class DatabaseUnreachable extends Schema.TaggedError<DatabaseUnreachable>()("DatabaseUnreachable", {
  place: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `the database (${this.place}) cannot be used`
  }
}

/** `DATABASE_URL`, or else the database of the service that runs on `DATA_DIR`. No key is needed: no content is opened. */
const found = Effect.gen(function* () {
  const configured = yield* settingsTable.databaseUrl.read
  if (Option.isSome(configured)) {
    const { host, pathname } = new URL(Redacted.value(configured.value))
    return { url: configured.value, place: `DATABASE_URL, ${host}${pathname}` }
  }
  const { directory, url } = yield* RunningPostgres.find(yield* settingsTable.dataDir.read)
  return { url, place: directory }
})

const pool = Layer.unwrap(
  Effect.map(found, ({ place, url }) => {
    const client = AnsweringPool.layer(
      {
        url,
        applicationName: "indelible command line",
        maxConnections: 2,
        connectTimeout: "4 seconds",
        startupParameters: { timezone: "UTC", jit: "off", statement_timeout: "10000" }
      },
      "12 seconds"
    )
    // Never migrated from here: a service that runs may be of another version.
    return Layer.effectDiscard(ensureMigrated(migrations)).pipe(
      Layer.provideMerge(client),
      Layer.catchTag("SqlError", (cause) => Layer.effectContext(new DatabaseUnreachable({ place, cause })))
    )
  })
)

/** What commands work with. Fails when there is no database, or one of another version than this program. */
export const layer = Layer.mergeAll(ProjectionOperations.layer, BuildWatch.layer, InspectEvents.layer).pipe(
  Layer.provide(PgEventLog.layer),
  Layer.provide(pool)
)

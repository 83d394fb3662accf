import { Effect, Redacted, type Scope } from "effect"
import * as DataHome from "./DataHome.ts"
import { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts"
import { freePort } from "./FreePort.ts"
import * as PostgresBinaries from "./PostgresBinaries.ts"
import * as PostgresCluster from "./PostgresCluster.ts"
import * as PostgresProcess from "./PostgresProcess.ts"

export interface EmbeddedPostgresOptions {
  /** Folder for the database; made if missing. Its real place may differ, see `EmbeddedPostgres.directory`. */
  readonly dataDir: string
  /** Server settings added to ours, for tests. */
  readonly settings?: Readonly<Record<string, string>>
}

/** The service's own database server. It lives as long as the scope that started it. */
export interface EmbeddedPostgres {
  /** Superuser, database `postgres`, 127.0.0.1. */
  readonly url: Redacted.Redacted
  /** PGDATA, where the data really is. */
  readonly directory: string
  readonly port: number
  /** Process id of the postmaster. */
  readonly pid: Effect.Effect<number>
}

export const start = Effect.fn("EmbeddedPostgres.start")(
  function* (options: EmbeddedPostgresOptions) {
    const home = yield* DataHome.find(options.dataDir)
    const binaries = yield* PostgresBinaries.locate(home.account, home.path)
    const cluster = yield* PostgresCluster.ensure(home, binaries)
    const port = yield* freePort
    const server = yield* PostgresProcess.run({
      binaries,
      account: home.account,
      directory: cluster.directory,
      port,
      settings: options.settings
    })
    yield* Effect.logInfo(
      `${cluster.isNew ? "Made a new database" : "Opened the database"} in ${cluster.directory} (Postgres on 127.0.0.1:${port})`
    )
    const { superuser } = PostgresCluster
    return {
      url: Redacted.make(
        `postgresql://${superuser}:${Redacted.value(cluster.password)}@127.0.0.1:${port}/postgres`
      ),
      directory: cluster.directory,
      port,
      pid: Effect.succeed(server.pid)
    } satisfies EmbeddedPostgres
  },
  Effect.mapError((reason) => new EmbeddedPostgresError({ reason }))
) satisfies (
  options: EmbeddedPostgresOptions
) => Effect.Effect<EmbeddedPostgres, EmbeddedPostgresError, Scope.Scope>

import { Deferred, Effect, type Redacted, Ref, Schedule, type Scope } from "effect"
import * as DataHome from "./DataHome.ts"
import { EmbeddedPostgresError, ServerFailed } from "./EmbeddedPostgresError.ts"
import { freePort } from "./FreePort.ts"
import * as Orphan from "./Orphan.ts"
import * as PostgresBinaries from "./PostgresBinaries.ts"
import * as PostgresCluster from "./PostgresCluster.ts"
import * as PostgresProcess from "./PostgresProcess.ts"
import * as ServiceLock from "./ServiceLock.ts"

export interface EmbeddedPostgresOptions {
  /** Folder for the database; made if missing. Its real place may differ, see `EmbeddedPostgres.directory`. */
  readonly dataDir: string
  /** Folders for root to use where the server's account cannot reach ours; those of the system if not given. */
  readonly elsewhere?: DataHome.Elsewhere
  /** Server settings added to ours, for tests. */
  readonly settings?: Readonly<Record<string, string>>
}

/** The service's own database server. It lives as long as the scope that started it. */
export interface EmbeddedPostgres {
  /** Superuser, database `indelible`, 127.0.0.1. Stays good when the server is restarted. */
  readonly url: Redacted.Redacted
  /** PGDATA, where the data really is. */
  readonly directory: string
  readonly port: number
  /** Process id of the postmaster; another one after a restart. */
  readonly pid: Effect.Effect<number>
}

/** Reasons that pass by themselves: another start was faster, old sessions are still leaving, the port went. */
const passes = (error: { readonly _tag: string; readonly message: string }) =>
  error._tag === "ServerFailed" &&
  /postmaster\.pid" already exists|shared memory block|could not (bind|create any TCP)/.test(error.message)

const soon = { while: passes, schedule: Schedule.spaced("100 millis"), times: 100 }
const again = Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("5 seconds")])

/**
 * Starts the database of this service, made on the first start, and keeps it running.
 *
 * - Durable: nothing that was acknowledged is lost, whoever is killed.
 * - One service a data folder: a second one is refused (`DataInUse`) and told who the first is. A server whose service
 *   was killed is stopped and started anew.
 * - A server that dies under us is started again on the same port.
 * - Stopped, with everything written, when the scope closes.
 */
export const start: (
  options: EmbeddedPostgresOptions
) => Effect.Effect<EmbeddedPostgres, EmbeddedPostgresError, Scope.Scope> = Effect.fn(
  "EmbeddedPostgres.start"
)(
  function* (options) {
    const home = yield* DataHome.find(options.dataDir, options.elsewhere)
    const binaries = yield* PostgresBinaries.locate(home, options.elsewhere)
    const cluster = yield* PostgresCluster.ensure(home, binaries)
    const { directory } = cluster

    /** One life of the server, from start to lock; it ends with the scope. */
    const begin = Effect.fn(
      function* (port: number) {
        yield* Orphan.stopAny(cluster, binaries)
        const server = yield* PostgresProcess.run({
          binaries,
          account: home.account,
          directory,
          port,
          settings: options.settings
        })
        const lock = yield* ServiceLock.connect(cluster, port)
        yield* lock.take
        yield* lock.ensureDatabase(PostgresCluster.database)
        return { port, server, lock }
      },
      Effect.catchTag("SqlError", (cause) =>
        Effect.fail(new ServerFailed({ program: "postgres", output: cause.message, cause }))
      )
    )

    type Life = Effect.Success<ReturnType<typeof begin>>
    type Refusal = Effect.Error<ReturnType<typeof begin>>
    const first = yield* Deferred.make<Life, Refusal>()
    const pid = yield* Ref.make(0)

    const live = (life: Effect.Effect<Life, Refusal, Scope.Scope>) =>
      Effect.scoped(
        Effect.gen(function* () {
          const { lock, port, server } = yield* Effect.retry(life, soon)
          yield* Ref.set(pid, server.pid)
          yield* Deferred.succeed(first, { lock, port, server })
          const how = yield* Effect.raceFirst(
            server.ended,
            Effect.as(lock.lost, "lost the session that locks its data")
          )
          yield* Effect.logError(`Postgres on ${directory} ${how}\nStarting it again`)
          return port
        })
      )

    const restart = (port: number) =>
      live(begin(port)).pipe(
        Effect.tapError((error) =>
          Effect.logError(`Postgres on ${directory} does not start again: ${error.message}`)
        ),
        Effect.retry(again),
        Effect.forever
      )
    yield* live(Effect.flatMap(freePort, begin)).pipe(
      Effect.flatMap(restart),
      Effect.catch((reason) => Deferred.fail(first, reason)),
      Effect.forkScoped
    )

    const { port } = yield* Deferred.await(first)
    yield* Effect.logInfo(
      `${cluster.isNew ? "Made a new database" : "Opened the database"} in ${directory} (Postgres on 127.0.0.1:${port})`
    )
    return {
      url: PostgresCluster.urlOf(cluster.password, port),
      directory,
      port,
      pid: Ref.get(pid)
    }
  },
  Effect.mapError((reason) => new EmbeddedPostgresError({ reason }))
)

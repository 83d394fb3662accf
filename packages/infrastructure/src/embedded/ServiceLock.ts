import { hostname } from "node:os"
import { PgClient } from "@effect/sql-pg"
import { Effect, Schema } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlError } from "effect/sql/SqlError"
import { DataInUse, DataUnusable } from "./EmbeddedPostgresError.ts"
import { type PostgresCluster, superuser } from "./PostgresCluster.ts"

/** "INDL" in ASCII, and the first lock under that name. Nobody else may lock this pair in database `postgres`. */
const lockClass = 0x494e444c
const lockNumber = 1

/** How often a holder makes sure that it still is one. */
const heartbeat = "5 seconds"

/** Shown to whoever comes second. Postgres cuts it at 63 bytes. */
const ourName = `indelible pid ${process.pid} on ${hostname()}`

const Holder = Schema.Struct({ name: Schema.String, since: Schema.Date })

/** A session on a server of ours, with which to become the one service that uses its data. */
export interface ServiceLock {
  /** Fails at once when another service has the lock. */
  readonly refuseIfHeld: Effect.Effect<void, DataInUse | SqlError>
  /** Takes the lock until the scope of the session ends, or refuses. */
  readonly take: Effect.Effect<void, DataInUse | SqlError>
  /** Completes when the lock is no longer ours: the session ended. */
  readonly lost: Effect.Effect<void>
  /** Makes the database if it does not exist. */
  readonly ensureDatabase: (name: string) => Effect.Effect<void, SqlError>
}

/** Connects; a server that does not answer is a SqlError. The lock belongs to the session, so it goes with the process however that dies. */
export const connect = Effect.fn("ServiceLock.connect")(function* (cluster: PostgresCluster, port: number) {
  const sql = yield* PgClient.makeClient({
    host: "127.0.0.1",
    port,
    database: "postgres",
    username: superuser,
    password: cluster.password,
    applicationName: ourName,
    connectTimeout: "2 seconds"
  }).pipe(
    Effect.catchIf(
      (error) => error.reason._tag === "AuthenticationError",
      (cause) =>
        new DataUnusable({
          path: cluster.directory,
          detail: "the password file beside it is not the one it was made with",
          cause
        })
    )
  )

  const refuseIfHeld = Effect.gen(function* () {
    const [row] = yield* sql`
      SELECT activity.application_name AS name, activity.backend_start AS since
      FROM pg_locks AS held
      JOIN pg_stat_activity AS activity USING (pid)
      WHERE held.locktype = 'advisory'
        AND held.classid = ${lockClass}::int8::oid
        AND held.objid = ${lockNumber}::int8::oid
        AND held.granted
        AND held.pid <> pg_backend_pid()`
    if (row === undefined) return
    const holder = yield* Effect.orDie(Schema.decodeUnknownEffect(Holder)(row))
    yield* new DataInUse({
      path: cluster.directory,
      instance: `${holder.name}, since ${holder.since.toISOString()}`
    })
  })

  const take = Effect.gen(function* () {
    const [row] = yield* sql<{ taken: boolean }>`
      SELECT pg_try_advisory_lock(${lockClass}::int4, ${lockNumber}::int4) AS taken`
    if (row?.taken === true) return
    yield* refuseIfHeld
    yield* new DataInUse({ path: cluster.directory, instance: "one that is just stopping" })
  })

  const stillHeld = sql<{ held: boolean }>`
    SELECT EXISTS (
      SELECT FROM pg_locks
      WHERE locktype = 'advisory' AND classid = ${lockClass}::int8::oid AND pid = pg_backend_pid()
    ) AS held`.pipe(
    Effect.map(([row]) => row?.held === true),
    Effect.orElseSucceed(() => false)
  )
  const lost = Effect.repeat(Effect.delay(stillHeld, heartbeat), { while: (held) => held })

  const ensureDatabase = Effect.fn("ServiceLock.ensureDatabase")(function* (name: string) {
    const found = yield* sql`SELECT FROM pg_database WHERE datname = ${name}`
    if (found.length === 0) yield* sql`CREATE DATABASE ${sql(name)}`
  })

  return { refuseIfHeld, take, lost: Effect.asVoid(lost), ensureDatabase } satisfies ServiceLock
}, Effect.provide(Reactivity.layer))

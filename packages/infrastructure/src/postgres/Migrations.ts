import { hash } from "node:crypto"
import { Duration, Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import {
  DatabaseNewerThanProgram,
  DatabaseOlderThanProgram,
  MigrationFailed,
  MigrationsBusy
} from "./MigrationError.ts"

/** `0010_what_it_does`: the number orders, the whole name identifies. Neither ever changes once released. */
export type MigrationName = `${number}_${string}`

/** A definition that is replaced as a whole, such as a function: run again whenever its text has changed. */
export interface Replaceable {
  /** One statement, `CREATE OR REPLACE ...`. */
  readonly createOrReplace: string
}

export type Migration = Effect.Effect<unknown, SqlError.SqlError, SqlClient.SqlClient> | Replaceable

export type Migrations = Readonly<Record<MigrationName, Migration>>

/** Tells the text of a definition; null for what is done once. */
const hashOf = (migration: Migration) =>
  "createOrReplace" in migration ? hash("sha256", migration.createOrReplace) : null

const carryOut = (sql: SqlClient.SqlClient, migration: Migration) =>
  "createOrReplace" in migration ? sql.unsafe(migration.createOrReplace) : migration

const number = (name: string) => Number.parseInt(name, 10)

/**
 * What remains to be done, in order. A number lower than the newest applied one still counts: parts number their
 * migrations in ranges of their own (`effect/sql`'s Migrator would skip it in silence, which is why it is not used).
 */
const pending = Effect.fn(function* (sql: SqlClient.SqlClient, migrations: Migrations) {
  const [table] = yield* sql<{ exists: boolean }>`
    SELECT to_regclass('schema_migration') IS NOT NULL AS exists`
  const rows =
    table?.exists === true
      ? yield* sql<{
          name: string
          hash: string | null
        }>`SELECT name, hash FROM schema_migration ORDER BY name`
      : []
  const applied = new Map(rows.map(({ hash, name }) => [name, hash]))
  const unknown = [...applied.keys()].filter((name) => !Object.hasOwn(migrations, name))
  if (unknown.length > 0) return yield* new DatabaseNewerThanProgram({ unknown })
  return (
    Object.entries(migrations)
      .map(([name, migration]) => ({ name, migration, hash: hashOf(migration) }))
      .filter(({ hash, name }) => applied.get(name) !== hash)
      // Definitions last: they may need any of the tables.
      .sort((a, b) => Number(a.hash !== null) - Number(b.hash !== null) || number(a.name) - number(b.name))
  )
})

const lock = (sql: SqlClient.SqlClient, waitMillis: number) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended('indelible migrations', 0))`.pipe(
    Effect.catchReason("SqlError", "LockTimeoutError", () =>
      Effect.fail(new MigrationsBusy({ waitedMillis: waitMillis }))
    )
  )

/**
 * Brings the database to what this program expects: runs each migration that it has not had, in the order of their
 * numbers, then each definition whose text is not the one it has, all in one transaction, so that a failure leaves the database as it was.
 *
 * `migrations` holds all of the program's, from every part: one in the database but not among them means that the
 * database is newer. Any number of processes may call this at once: one works and the others wait for it, up to
 * `waitFor` (2 minutes). With nothing to do it only reads, so a role without DDL rights can start the program.
 *
 * @returns the names of those it ran
 */
export const migrate = Effect.fn("Migrations.migrate")(function* (
  migrations: Migrations,
  options?: { readonly waitFor?: Duration.Input }
) {
  const sql = yield* SqlClient.SqlClient
  if ((yield* pending(sql, migrations)).length === 0) return []
  const waitMillis = Duration.toMillis(options?.waitFor ?? "2 minutes")

  const run = Effect.gen(function* () {
    // The pool's statement_timeout is meant for messages; a migration, or waiting for one, may take longer.
    yield* sql`
      SELECT
        set_config('lock_timeout', ${`${waitMillis}ms`}, true),
        set_config('statement_timeout', '0', true)`
    yield* lock(sql, waitMillis)
    // Only now: even CREATE TABLE IF NOT EXISTS fails when two processes run it at the same instant.
    yield* sql`
      CREATE TABLE IF NOT EXISTS schema_migration (
        name text PRIMARY KEY,
        -- Of the text, for what is replaced when it changes.
        hash text,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`
    const todo = yield* pending(sql, migrations)
    for (const { hash, migration, name } of todo) {
      yield* Effect.mapError(
        carryOut(sql, migration),
        (cause) => new MigrationFailed({ migration: name, cause })
      )
      yield* sql`
        INSERT INTO schema_migration (name, hash) VALUES (${name}, ${hash})
        ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, applied_at = excluded.applied_at`
    }
    return todo.map(({ name }) => name)
  })

  const done = yield* sql.withTransaction(run).pipe(
    // What another process committed while we waited must be seen: a snapshot from before the lock would not show it.
    Effect.provideService(SqlClient.BeginTransaction, "BEGIN ISOLATION LEVEL READ COMMITTED")
  )
  if (done.length > 0) yield* Effect.logInfo(`migrated the database: ${done.join(", ")}`)
  return done
})

/**
 * For programs that work beside the service and must not change the database's shape: fails unless the database is
 * exactly as this program expects it. Only reads.
 */
export const ensureMigrated = Effect.fn("Migrations.ensureMigrated")(function* (migrations: Migrations) {
  const missing = yield* pending(yield* SqlClient.SqlClient, migrations)
  if (missing.length > 0) {
    return yield* new DatabaseOlderThanProgram({ missing: missing.map(({ name }) => name) })
  }
})

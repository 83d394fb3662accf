import { Duration, Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { DatabaseNewerThanProgram, MigrationFailed, MigrationsBusy } from "./MigrationError.ts"

/** `0010_what_it_does`: the number orders, the whole name identifies. Neither ever changes once released. */
export type MigrationName = `${number}_${string}`

export type Migrations = Readonly<
  Record<MigrationName, Effect.Effect<unknown, SqlError.SqlError, SqlClient.SqlClient>>
>

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
      ? yield* sql<{ name: string }>`SELECT name FROM schema_migration ORDER BY name`
      : []
  const applied = new Set(rows.map(({ name }) => name))
  const unknown = [...applied].filter((name) => !Object.hasOwn(migrations, name))
  if (unknown.length > 0) return yield* new DatabaseNewerThanProgram({ unknown })
  return Object.entries(migrations)
    .filter(([name]) => !applied.has(name))
    .sort(([a], [b]) => number(a) - number(b))
})

const lock = (sql: SqlClient.SqlClient, waitMillis: number) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended('indelible migrations', 0))`.pipe(
    Effect.catchReason("SqlError", "LockTimeoutError", () =>
      Effect.fail(new MigrationsBusy({ waitedMillis: waitMillis }))
    )
  )

/**
 * Brings the database to what this program expects: runs each migration that it has not had, in the order of their
 * numbers, all in one transaction, so that a failure leaves the database as it was.
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
        applied_at timestamptz NOT NULL DEFAULT now()
      )`
    const todo = yield* pending(sql, migrations)
    for (const [name, migration] of todo) {
      yield* Effect.mapError(migration, (cause) => new MigrationFailed({ migration: name, cause }))
      yield* sql`INSERT INTO schema_migration (name) VALUES (${name})`
    }
    return todo.map(([name]) => name)
  })

  const done = yield* sql.withTransaction(run).pipe(
    // What another process committed while we waited must be seen: a snapshot from before the lock would not show it.
    Effect.provideService(SqlClient.BeginTransaction, "BEGIN ISOLATION LEVEL READ COMMITTED")
  )
  if (done.length > 0) yield* Effect.logInfo(`migrated the database: ${done.join(", ")}`)
  return done
})

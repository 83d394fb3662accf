import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** How often each statement ran in this database since `reset`. Times of a whole transaction count one by one. */
export interface Statements {
  readonly calls: ReadonlyMap<string, number>
  readonly seconds: number
}

/** Statements of whoever uses this database while `work` runs, but for those that look. */
export const statementsOf = Effect.fnUntraced(function* <A, E, R>(work: Effect.Effect<A, E, R>) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE EXTENSION IF NOT EXISTS pg_stat_statements`
  yield* sql`SELECT pg_stat_statements_reset()`
  const begin = performance.now()
  const result = yield* work
  const seconds = (performance.now() - begin) / 1_000
  const rows = yield* sql<{ query: string; calls: number }>`
    SELECT regexp_replace(query, '\\s+', ' ', 'g') AS query, sum(calls)::float8 AS calls
    FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
    WHERE datname = current_database() AND query NOT LIKE '%pg_stat_statements%'
    GROUP BY 1`
  const statements: Statements = { calls: new Map(rows.map(({ calls, query }) => [query, calls])), seconds }
  return { result, statements }
})

/** What ran beyond what runs anyway in the same time, the most frequent first. */
export const beyondIdle = (busy: Statements, idle: Statements) =>
  Array.from(busy.calls, ([query, calls]) => ({
    query,
    calls: calls - ((idle.calls.get(query) ?? 0) / idle.seconds) * busy.seconds
  }))
    .filter(({ calls }) => calls >= 1)
    .sort((a, b) => b.calls - a.calls)

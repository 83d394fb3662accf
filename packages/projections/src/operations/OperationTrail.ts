import { Clock, Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"

/** What engineers asked for, and who they are: rows are added and never changed. */
export const createTable = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`
    CREATE TABLE projection_operation (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL,
      projection text NOT NULL,
      what text NOT NULL,
      -- An engineer's pseudonym, or a name given on the command line.
      requested_by text NOT NULL
    )`
)

const Row = Schema.Struct({ at: Schema.Date, what: Schema.String, requested_by: Schema.String })
const decode = Schema.decodeUnknownEffect(Schema.Array(Row))

/** Something that somebody asked for. */
export interface Asked {
  readonly at: Date
  /** Such as `rebuild` or `throttle to 500`. */
  readonly what: string
  readonly by: string
}

/** Adds to the trail; in the transaction that does what was asked for. */
export const record = Effect.fn("OperationTrail.record")(function* (
  projection: string,
  what: string,
  by: string
) {
  const sql = yield* SqlClient.SqlClient
  const now = new Date(yield* Clock.currentTimeMillis)
  yield* sql`
    INSERT INTO projection_operation (at, projection, what, requested_by) VALUES (${now}, ${projection}, ${what}, ${by})`
})

/** The last that was asked for, newest first. */
export const newest = Effect.fn("OperationTrail.newest")(function* (projection: string, limit: number) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql`
    SELECT at, what, requested_by FROM projection_operation
    WHERE projection = ${projection} ORDER BY id DESC LIMIT ${limit}`
  return (yield* Effect.orDie(decode(rows))).map(
    ({ at, requested_by, what }): Asked => ({ at, what, by: requested_by })
  )
})

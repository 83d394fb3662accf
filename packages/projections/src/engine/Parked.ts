import type { EventOutline } from "@indelible/application/store/StoredEvent"
import { Clock, Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { column } from "./ColumnParameter.ts"

export const createTable = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`
    CREATE TABLE projection_parked (
      projection text NOT NULL,
      stream_id text COLLATE "C" NOT NULL,
      slice smallint NOT NULL,
      -- The first event that is not in the tables. Those before it are, those after it wait.
      stream_pos bigint NOT NULL,
      type text NOT NULL,
      schema_version integer NOT NULL,
      -- Names no content.
      error text NOT NULL,
      attempts integer NOT NULL,
      parked_at timestamptz NOT NULL,
      tried_at timestamptz NOT NULL,
      -- What the program could read that failed: another one tries again by itself.
      program text NOT NULL,
      retry boolean NOT NULL DEFAULT false,
      PRIMARY KEY (projection, stream_id)
    )`
)

/** An event that cannot be folded, and why. */
export interface Poison {
  readonly outline: EventOutline
  readonly error: string
}

const Row = Schema.Struct({
  stream_id: Schema.String,
  slice: Schema.Int,
  stream_pos: Schema.BigInt,
  type: Schema.String,
  schema_version: Schema.Int,
  error: Schema.String,
  attempts: Schema.Int,
  parked_at: Schema.Date,
  tried_at: Schema.Date,
  retry: Schema.Boolean
})
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))

/** A stream that a set of tables does not follow for now, since one of its events cannot be folded. */
export interface ParkedStream {
  readonly streamId: string
  readonly slice: number
  /** The first event that is not in the tables. */
  readonly streamPos: number
  readonly type: string
  readonly schemaVersion: number
  readonly error: string
  readonly attempts: number
  readonly parkedAt: Date
  readonly triedAt: Date
  /** It will be tried again by whoever owns the projection. */
  readonly retry: boolean
}

/** The parked streams of a set, those that wait longest first, at most `limit`. */
export const list = Effect.fn("Parked.list")(function* (
  set: string,
  options?: { readonly limit?: number; readonly retry?: true }
) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql`
    SELECT stream_id, slice, stream_pos, type, schema_version, error, attempts, parked_at, tried_at, retry
    FROM projection_parked
    WHERE projection = ${set} ${options?.retry === true ? sql`AND retry` : sql``}
    ORDER BY parked_at, stream_id
    LIMIT ${options?.limit ?? 1_000}`
  return (yield* Effect.orDie(decodeRows(rows))).map(
    (row): ParkedStream => ({
      streamId: row.stream_id,
      slice: row.slice,
      streamPos: Number(row.stream_pos),
      type: row.type,
      schemaVersion: row.schema_version,
      error: row.error,
      attempts: row.attempts,
      parkedAt: row.parked_at,
      triedAt: row.tried_at,
      retry: row.retry
    })
  )
})

/** Where each parked stream of a set stands. */
export const positions = Effect.fn("Parked.positions")(function* (set: string) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ stream_id: string; stream_pos: bigint }>`
    SELECT stream_id, stream_pos FROM projection_parked WHERE projection = ${set}`
  return new Map(rows.map(({ stream_id, stream_pos }) => [stream_id, Number(stream_pos)]))
})

/** Parks streams at these events, or again if they are parked; in the transaction that moves the checkpoint past them. */
export const park = Effect.fn("Parked.park")(function* (
  set: string,
  program: string,
  poison: ReadonlyArray<Poison>
) {
  if (poison.length === 0) return
  const sql = yield* SqlClient.SqlClient
  const now = new Date(yield* Clock.currentTimeMillis)
  yield* sql`
    INSERT INTO projection_parked AS kept (
      projection, stream_id, slice, stream_pos, type, schema_version, error, attempts, parked_at, tried_at, program
    )
    SELECT ${set}, poison.*, 1, ${now}::timestamptz, ${now}::timestamptz, ${program}::text
    FROM unnest(
      ${column(poison.map(({ outline }) => outline.streamId))}::text[],
      ${column(poison.map(({ outline }) => outline.slice))}::int[],
      ${column(poison.map(({ outline }) => outline.streamPos))}::int[],
      ${column(poison.map(({ outline }) => outline.type))}::text[],
      ${column(poison.map(({ outline }) => outline.schemaVersion))}::int[],
      ${column(poison.map(({ error }) => error))}::text[]
    ) AS poison
    ON CONFLICT (projection, stream_id) DO UPDATE
    SET stream_pos = EXCLUDED.stream_pos, type = EXCLUDED.type, schema_version = EXCLUDED.schema_version,
      error = EXCLUDED.error, attempts = kept.attempts + 1, tried_at = EXCLUDED.tried_at,
      program = EXCLUDED.program, retry = false`
})

/** Its events up to before `streamPos` are in the tables now. */
export const moveTo = Effect.fn("Parked.moveTo")(function* (
  set: string,
  streamId: string,
  streamPos: number
) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    UPDATE projection_parked SET stream_pos = ${BigInt(streamPos)}
    WHERE projection = ${set} AND stream_id = ${streamId}`
})

/** The tables follow it again. */
export const release = Effect.fn("Parked.release")(function* (set: string, streamId: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`DELETE FROM projection_parked WHERE projection = ${set} AND stream_id = ${streamId}`
})

/** Asks for another try at one parked stream, or at all of them. Answers how many. */
export const askRetry = Effect.fn("Parked.askRetry")(function* (set: string, streamId?: string) {
  const sql = yield* SqlClient.SqlClient
  const asked = yield* sql`
    UPDATE projection_parked SET retry = true
    WHERE projection = ${set} ${streamId === undefined ? sql`` : sql`AND stream_id = ${streamId}`}
    RETURNING stream_id`
  return asked.length
})

/** A program that reads other events than the one that failed may succeed. */
export const askRetryOfOthers = Effect.fn("Parked.askRetryOfOthers")(function* (
  set: string,
  program: string
) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    UPDATE projection_parked SET retry = true
    WHERE projection = ${set} AND program <> ${program} AND NOT retry`
})

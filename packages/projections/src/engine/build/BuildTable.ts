import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { type Build, BuildKind, BuildRange, BuildStage, BuildState, Comparison } from "./Build.ts"

export const createTable = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE projection_build (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      projection text NOT NULL,
      kind text NOT NULL,
      state text NOT NULL DEFAULT 'waiting',
      stage text,
      requested_by text NOT NULL,
      requested_at timestamptz NOT NULL,
      begun_at timestamptz,
      ended_at timestamptz,
      node text,
      max_rate integer,
      -- How long the tables that it replaces are kept.
      keep_hours integer NOT NULL,
      kept_until timestamptz,
      events bigint NOT NULL DEFAULT 0,
      expected bigint NOT NULL DEFAULT 0,
      rate double precision NOT NULL DEFAULT 0,
      ranges jsonb NOT NULL DEFAULT '[]',
      comparison jsonb,
      message text
    )`
  // Decides that there is one at a time for a projection.
  yield* sql`
    CREATE UNIQUE INDEX projection_build_active ON projection_build (projection)
    WHERE state IN ('waiting', 'running', 'paused', 'cancelling')`
  yield* sql`CREATE INDEX projection_build_newest ON projection_build (projection, id DESC)`
})

const Row = Schema.Struct({
  id: Schema.Int,
  projection: Schema.String,
  kind: BuildKind,
  state: BuildState,
  stage: Schema.NullOr(BuildStage),
  requested_by: Schema.String,
  requested_at: Schema.Date,
  begun_at: Schema.NullOr(Schema.Date),
  ended_at: Schema.NullOr(Schema.Date),
  node: Schema.NullOr(Schema.String),
  max_rate: Schema.NullOr(Schema.Int),
  keep_hours: Schema.Int,
  kept_until: Schema.NullOr(Schema.Date),
  events: Schema.BigInt,
  expected: Schema.BigInt,
  rate: Schema.Number,
  ranges: Schema.Array(BuildRange),
  comparison: Schema.NullOr(Comparison),
  message: Schema.NullOr(Schema.String)
})
const decode = Schema.decodeUnknownEffect(Schema.Array(Row))

const buildOf = (row: typeof Row.Type): Build => {
  const [events, expected] = [Number(row.events), Number(row.expected)]
  const left = Math.max(0, expected - events)
  const moving = row.state === "running" && row.rate > 0
  return {
    id: row.id,
    projection: row.projection,
    kind: row.kind,
    state: row.state,
    stage: row.stage,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    begunAt: row.begun_at,
    endedAt: row.ended_at,
    node: row.node,
    maxRate: row.max_rate,
    events,
    expected,
    rate: row.rate,
    eta: left === 0 ? 0 : moving ? left / row.rate : null,
    ranges: row.ranges,
    comparison: row.comparison,
    message: row.message,
    keepHours: row.keep_hours,
    keptUntil: row.kept_until
  }
}

/** Rows of `projection_build`. One that does not decode is a bug. */
export const buildsIn = (rows: ReadonlyArray<unknown>) =>
  Effect.map(Effect.orDie(decode(rows)), (decoded) => decoded.map(buildOf))

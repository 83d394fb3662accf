import { Array, Clock, Effect, Option, Schema } from "effect"
import { SqlClient } from "effect/sql"
import type { Build, BuildKind } from "./Build.ts"
import { buildsIn } from "./BuildTable.ts"

/** Something is being built for this projection already. */
export class BuildInProgress extends Schema.TaggedError<BuildInProgress>()("BuildInProgress", {
  projection: Schema.String,
  kind: Schema.String,
  state: Schema.String
}) {
  override get message() {
    return `a ${this.kind} of ${this.projection} is ${this.state}; watch it with \`indelible projections status ${this.projection} --watch\`, or end it with \`indelible projections cancel ${this.projection}\``
  }
}

/** Nothing is being built that this could be done to. */
export class NoSuchBuild extends Schema.TaggedError<NoSuchBuild>()("NoSuchBuild", {
  projection: Schema.String,
  wanted: Schema.String,
  /** What there is instead. */
  found: Schema.String
}) {
  override get message() {
    return `there is nothing of ${this.projection} to ${this.wanted}: ${this.found}`
  }
}

export interface BuildRequest {
  readonly projection: string
  readonly kind: BuildKind
  /** Who asks, for the record. */
  readonly by: string
  readonly maxRate: number | null
  /** How long the tables that it replaces are kept for a roll-back. */
  readonly keepHours: number
}

const first = (rows: ReadonlyArray<unknown>) => Effect.map(buildsIn(rows), Array.head)

/** The newest one of a projection, going on or ended. */
export const newest = Effect.fn("BuildJobs.newest")(function* (projection: string) {
  const sql = yield* SqlClient.SqlClient
  return yield* first(
    yield* sql`
    SELECT * FROM projection_build WHERE projection = ${projection} ORDER BY id DESC LIMIT 1`
  )
})

/** The one that is going on, if any. */
export const active = Effect.fn("BuildJobs.active")(function* (projection: string) {
  const sql = yield* SqlClient.SqlClient
  return yield* first(
    yield* sql`
    SELECT * FROM projection_build
    WHERE projection = ${projection} AND state IN ('waiting', 'running', 'paused', 'cancelling')`
  )
})

/** The unique index decides between two who ask at once. */
export const request = Effect.fn("BuildJobs.request")(function* ({
  by,
  keepHours,
  kind,
  maxRate,
  projection
}: BuildRequest) {
  const sql = yield* SqlClient.SqlClient
  const now = new Date(yield* Clock.currentTimeMillis)
  const made = yield* first(
    yield* sql`
    INSERT INTO projection_build (projection, kind, requested_by, requested_at, max_rate, keep_hours)
    VALUES (${projection}, ${kind}, ${by}, ${now}, ${maxRate}, ${keepHours})
    ON CONFLICT (projection) WHERE state IN ('waiting', 'running', 'paused', 'cancelling') DO NOTHING
    RETURNING *`
  )
  if (Option.isSome(made)) return made.value
  const other = yield* newest(projection)
  const { kind: going, state } = Option.getOrElse(other, () => ({ kind: "build", state: "ending" }))
  return yield* new BuildInProgress({ projection, kind: going, state })
})

const changes = {
  pause: { from: ["waiting", "running"], to: "paused" },
  resume: { from: ["paused"], to: "waiting" },
  cancel: { from: ["waiting", "running", "paused"], to: "cancelling" }
} as const

/** Asks whoever owns the build to do otherwise. */
export const change = Effect.fn("BuildJobs.change")(function* (
  projection: string,
  wanted: keyof typeof changes
) {
  const sql = yield* SqlClient.SqlClient
  const { from, to } = changes[wanted]
  const changed = yield* first(
    yield* sql`
    UPDATE projection_build SET state = ${to}, message = NULL
    WHERE projection = ${projection} AND state = ANY(${[...from]}::text[])
    RETURNING *`
  )
  if (Option.isSome(changed)) return changed.value
  const found = Option.match(yield* newest(projection), {
    onNone: () => "nothing was ever built",
    onSome: ({ kind, state }: Build) => `the last ${kind} is ${state}`
  })
  return yield* new NoSuchBuild({ projection, wanted, found })
})

/** Sets how fast a build may go, from now on; null: without a limit. */
export const throttle = Effect.fn("BuildJobs.throttle")(function* (
  projection: string,
  maxRate: number | null
) {
  const sql = yield* SqlClient.SqlClient
  const changed = yield* first(
    yield* sql`
    UPDATE projection_build SET max_rate = ${maxRate}
    WHERE projection = ${projection} AND state IN ('waiting', 'running', 'paused')
    RETURNING *`
  )
  if (Option.isSome(changed)) return changed.value
  return yield* new NoSuchBuild({ projection, wanted: "throttle", found: "nothing is being built" })
})

import { EventLog } from "@indelible/application/store/EventLog"
import { Context, Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import type { BuildKind } from "../engine/build/Build.ts"
import * as BuildJobs from "../engine/build/BuildJobs.ts"
import * as Checkpoint from "../engine/Checkpoint.ts"
import * as Parked from "../engine/Parked.ts"
import { readingTables } from "../engine/ReadModelUnavailable.ts"
import { formerOf } from "../engine/Sets.ts"
import { projections } from "../projections.ts"
import * as OperationTrail from "./OperationTrail.ts"
import { statusOf } from "./ProjectionStatus.ts"

/** No projection has this name. */
export class UnknownProjection extends Schema.TaggedError<UnknownProjection>()("UnknownProjection", {
  name: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `there is no projection ${JSON.stringify(this.name)}; there are ${this.known.join(", ")}`
  }
}

/** The tables that were replaced last are gone, or were made for a program of another version. */
export class NothingToRollBackTo extends Schema.TaggedError<NothingToRollBackTo>()("NothingToRollBackTo", {
  projection: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `${this.projection} cannot be rolled back: ${this.detail}`
  }
}

/** No parked stream has this id. */
export class NotParked extends Schema.TaggedError<NotParked>()("NotParked", {
  projection: Schema.String,
  streamId: Schema.String
}) {
  override get message() {
    return `${this.streamId} is not parked in ${this.projection}; \`indelible projections parked ${this.projection}\` lists those that are`
  }
}

export interface StartBuild {
  readonly projection: string
  readonly kind: BuildKind
  /** Who asks, for the record. */
  readonly by: string
  /** Events a second at most. */
  readonly maxRate?: number | null
  /** Hours for which the tables that it replaces are kept; 24. */
  readonly keepHours?: number
}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const log = yield* EventLog
  const here = <A, E>(effect: Effect.Effect<A, E, SqlClient.SqlClient | EventLog>) =>
    effect.pipe(Effect.provideService(SqlClient.SqlClient, sql), Effect.provideService(EventLog, log))

  const find = Effect.fnUntraced(function* (name: string) {
    const found = projections.find((projection) => projection.name === name)
    return (
      found ??
      (yield* new UnknownProjection({ name, known: projections.map((projection) => projection.name).sort() }))
    )
  })

  const canRollBack = Effect.fnUntraced(function* (name: string, version: number) {
    const built = yield* Checkpoint.versionOf(formerOf(name))
    if (built === null) {
      return yield* new NothingToRollBackTo({
        projection: name,
        detail: "no tables of before the last switch are kept"
      })
    }
    if (built !== version) {
      return yield* new NothingToRollBackTo({
        projection: name,
        detail: `the tables of before were made for version ${built}, this program has version ${version}; start the program that made them`
      })
    }
  })

  /** Does what was asked for and keeps who asked, or neither. */
  const recorded = <A, E>(
    asked: Effect.Effect<A, E, SqlClient.SqlClient | EventLog>,
    projection: string,
    by: string,
    what: (done: A) => string
  ) =>
    here(
      readingTables(
        sql.withTransaction(Effect.tap(asked, (done) => OperationTrail.record(projection, what(done), by)))
      )
    ).pipe(
      Effect.tap((done) => Effect.logInfo(`${what(done)} of projection ${projection}, asked for by ${by}`))
    )

  return {
    /** All projections, by name. */
    list: here(readingTables(Effect.forEach(projections.toSorted(byName), statusOf))),
    status: (name: string) => here(Effect.flatMap(find(name), (found) => readingTables(statusOf(found)))),
    /** Asks for tables to be made; whoever owns them begins within a second or so. */
    start: Effect.fn("ProjectionOperations.start")(function* (request: StartBuild) {
      const { by, keepHours = 24, kind, maxRate = null, projection } = request
      const { version } = yield* find(projection)
      if (kind === "rollback") yield* here(readingTables(canRollBack(projection, version)))
      const job = BuildJobs.request({ projection, kind, by, maxRate, keepHours })
      return yield* recorded(job, projection, by, () => kind)
    }),
    change: Effect.fn("ProjectionOperations.change")(function* (
      projection: string,
      wanted: "pause" | "resume" | "cancel",
      by: string
    ) {
      yield* find(projection)
      return yield* recorded(BuildJobs.change(projection, wanted), projection, by, () => wanted)
    }),
    /** Events a second at most, from now on; null: without a limit. */
    throttle: Effect.fn("ProjectionOperations.throttle")(function* (
      projection: string,
      maxRate: number | null,
      by: string
    ) {
      yield* find(projection)
      const limited = BuildJobs.throttle(projection, maxRate)
      return yield* recorded(limited, projection, by, () => `throttle to ${maxRate ?? "no limit"}`)
    }),
    /** The streams that it does not follow for now, those that wait longest first, at most 1,000. */
    parked: (name: string) =>
      here(Effect.flatMap(find(name), (found) => readingTables(Parked.list(found.name)))),
    /**
     * Asks for another try at one parked stream, or at all of them; the owner makes it within a second or two.
     *
     * @returns how many streams
     */
    retry: Effect.fn("ProjectionOperations.retry")(function* (
      projection: string,
      streamId: string | null,
      by: string
    ) {
      yield* find(projection)
      const retried = Effect.tap(Parked.askRetry(projection, streamId ?? undefined), (asked) =>
        streamId !== null && asked === 0 ? new NotParked({ projection, streamId }) : Effect.void
      )
      return yield* recorded(retried, projection, by, (asked) => `retry of ${asked} parked streams`)
    })
  }
})

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1)

/** What engineers do with projections, from the command line or over HTTP. Who may do so is decided before. */
export class ProjectionOperations extends Context.Service<
  ProjectionOperations,
  Effect.Success<typeof make>
>()("@indelible/projections/operations/ProjectionOperations") {
  static readonly layer = Layer.effect(this, make)
}

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

  const told = (what: string, projection: string, by: string) =>
    Effect.logInfo(`${what} of projection ${projection}, asked for by ${by}`)

  return {
    /** All projections, by name. */
    list: here(readingTables(Effect.forEach(projections.toSorted(byName), statusOf))),
    status: (name: string) => here(Effect.flatMap(find(name), (found) => readingTables(statusOf(found)))),
    /** Asks for tables to be made; whoever owns them begins within a second or so. */
    start: Effect.fn("ProjectionOperations.start")(function* (request: StartBuild) {
      const { by, keepHours = 24, kind, maxRate = null, projection } = request
      const { version } = yield* find(projection)
      if (kind === "rollback") yield* here(readingTables(canRollBack(projection, version)))
      const build = yield* here(
        readingTables(BuildJobs.request({ projection, kind, by, maxRate, keepHours }))
      )
      yield* told(kind, projection, by)
      return build
    }),
    change: Effect.fn("ProjectionOperations.change")(function* (
      projection: string,
      wanted: "pause" | "resume" | "cancel",
      by: string
    ) {
      yield* find(projection)
      const build = yield* here(readingTables(BuildJobs.change(projection, wanted)))
      yield* told(wanted, projection, by)
      return build
    }),
    /** Events a second at most, from now on; null: without a limit. */
    throttle: Effect.fn("ProjectionOperations.throttle")(function* (
      projection: string,
      maxRate: number | null,
      by: string
    ) {
      yield* find(projection)
      const build = yield* here(readingTables(BuildJobs.throttle(projection, maxRate)))
      yield* told(`throttle to ${maxRate ?? "no limit"}`, projection, by)
      return build
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
      const asked = yield* here(readingTables(Parked.askRetry(projection, streamId ?? undefined)))
      if (streamId !== null && asked === 0) return yield* new NotParked({ projection, streamId })
      yield* told(`retry of ${asked} parked streams`, projection, by)
      return asked
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

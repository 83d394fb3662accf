import { CurrentEngineer } from "@indelible/api/identity/Authorization"
import { InspectEvents } from "@indelible/application/store/InspectEvents"
import { StreamId } from "@indelible/application/store/StreamId"
import { ProjectionOperations, type StartBuild } from "@indelible/projections/operations/ProjectionOperations"
import { Effect, Layer } from "effect"
import { buildView, eventPageView, parkedView, projectionView } from "../operations/OperationViews.ts"
import { InvalidInput } from "./InvalidInput.ts"
import * as Refusals from "./Refusals.ts"

const usualEvents = 50

/** Readers of a damaged log have halted and said so long before. */
const damaged = { LogCorrupted: Effect.die }

const ofProjection = { ...Refusals.tablesUnavailable, ...Refusals.unknownProjection }

interface EventsAsked {
  readonly stream?: string
  readonly slice?: number
  readonly after?: number
  readonly limit?: number
}

/** What engineers do, by whatever interface. Nothing is decided here that the command line would decide otherwise. */
export const operationAnswers = Effect.gen(function* () {
  const operations = yield* ProjectionOperations
  const inspect = yield* InspectEvents

  /** Who asks, for the record: a pseudonym. */
  const by = Effect.map(CurrentEngineer, ({ subject }) => subject)

  const begin = Effect.fnUntraced(
    function* (request: Omit<StartBuild, "by">) {
      return buildView(yield* operations.start({ ...request, by: yield* by }))
    },
    Effect.catchTags({ ...ofProjection, ...Refusals.buildInProgress })
  )

  return {
    list: operations.list.pipe(
      Effect.map((statuses) => ({ projections: statuses.map(projectionView) })),
      Effect.catchTags({ ...Refusals.tablesUnavailable, ...Refusals.logUnavailable })
    ),

    one: Effect.fnUntraced(
      function* (name: string) {
        return projectionView(yield* operations.status(name))
      },
      Effect.catchTags({ ...ofProjection, ...Refusals.logUnavailable })
    ),

    /** Starts what needs no tables to go back to. */
    start: (
      projection: string,
      kind: "rebuild" | "verify",
      wishes: Pick<StartBuild, "maxRate" | "keepHours"> | null
    ) => Effect.catchTag(begin({ projection, kind, ...wishes }), "NothingToRollBackTo", Effect.die),

    rollback: (projection: string, wishes: Pick<StartBuild, "keepHours"> | null) =>
      Effect.catchTags(begin({ projection, kind: "rollback", ...wishes }), Refusals.nothingToRollBackTo),

    change: Effect.fnUntraced(
      function* (name: string, wanted: "pause" | "resume" | "cancel") {
        return buildView(yield* operations.change(name, wanted, yield* by))
      },
      Effect.catchTags({ ...ofProjection, ...Refusals.nothingToChange })
    ),

    throttle: Effect.fnUntraced(
      function* (name: string, maxRate: number | null) {
        return buildView(yield* operations.throttle(name, maxRate, yield* by))
      },
      Effect.catchTags({ ...ofProjection, ...Refusals.nothingToChange })
    ),

    parked: Effect.fnUntraced(function* (name: string) {
      return { parked: (yield* operations.parked(name)).map(parkedView) }
    }, Effect.catchTags(ofProjection)),

    /** @param stream undefined: all of them */
    retry: Effect.fnUntraced(
      function* (name: string, stream: string | undefined) {
        return { asked: yield* operations.retry(name, stream ?? null, yield* by) }
      },
      Effect.catchTags({ ...ofProjection, ...Refusals.notParked })
    ),

    events: Effect.fnUntraced(
      function* ({ after = 0, limit = usualEvents, slice, stream }: EventsAsked) {
        if (stream !== undefined && slice === undefined) {
          return eventPageView(yield* inspect.ofStream(StreamId.make(stream), after, limit))
        }
        if (slice !== undefined && stream === undefined) {
          return eventPageView(yield* inspect.ofSlice(slice, after, limit))
        }
        return yield* new InvalidInput({ path: [], problem: "Expected exactly one of stream and slice" })
      },
      Effect.catchTags({ ...Refusals.logUnavailable, ...damaged })
    )
  }
})

/** What they need beside the log and the tables. */
export const needs = Layer.merge(ProjectionOperations.layer, InspectEvents.layer)

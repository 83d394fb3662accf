import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { CurrentEngineer } from "@indelible/api/identity/Authorization"
import { InspectEvents } from "@indelible/application/store/InspectEvents"
import { StreamId } from "@indelible/application/store/StreamId"
import { ProjectionOperations, type StartBuild } from "@indelible/projections/operations/ProjectionOperations"
import { Effect, Layer } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { buildView, eventPageView, parkedView, projectionView } from "../operations/OperationViews.ts"
import * as Refusals from "./Refusals.ts"

const usualEvents = 50

/** Readers of a damaged log have halted and said so long before. */
const damaged = { LogCorrupted: Effect.die }

const ofProjection = { ...Refusals.tablesUnavailable, ...Refusals.unknownProjection }

const handlers = HttpApiBuilder.group(
  IndelibleApi,
  "operations",
  Effect.fn(function* (group) {
    const operations = yield* ProjectionOperations
    const inspect = yield* InspectEvents

    /** Who asks, for the record: a pseudonym. */
    const by = Effect.map(CurrentEngineer, ({ subject }) => subject)

    const start = Effect.fnUntraced(
      function* (request: Omit<StartBuild, "by">) {
        return buildView(yield* operations.start({ ...request, by: yield* by }))
      },
      Effect.catchTags({ ...ofProjection, ...Refusals.buildInProgress })
    )

    /** Starts what needs no tables to go back to. */
    const make = (request: Omit<StartBuild, "by">) =>
      Effect.catchTag(start(request), "NothingToRollBackTo", Effect.die)

    const change = Effect.fnUntraced(
      function* (name: string, wanted: "pause" | "resume" | "cancel") {
        return buildView(yield* operations.change(name, wanted, yield* by))
      },
      Effect.catchTags({ ...ofProjection, ...Refusals.nothingToChange })
    )

    return group.handleAll({
      list: Effect.fnUntraced(
        function* () {
          return { projections: (yield* operations.list).map(projectionView) }
        },
        Effect.catchTags({ ...Refusals.tablesUnavailable, ...Refusals.logUnavailable, ...damaged })
      ),

      one: Effect.fnUntraced(
        function* ({ params: { name } }) {
          return projectionView(yield* operations.status(name))
        },
        Effect.catchTags({ ...ofProjection, ...Refusals.logUnavailable, ...damaged })
      ),

      rebuild: Effect.fnUntraced(function* ({ params: { name }, payload }) {
        return yield* make({ projection: name, kind: "rebuild", ...payload })
      }),

      verify: Effect.fnUntraced(function* ({ params: { name }, payload }) {
        return yield* make({ projection: name, kind: "verify", ...payload })
      }),

      rollback: Effect.fnUntraced(function* ({ params: { name } }) {
        return yield* start({ projection: name, kind: "rollback" })
      }, Effect.catchTags(Refusals.nothingToRollBackTo)),

      pause: Effect.fnUntraced(function* ({ params: { name } }) {
        return yield* change(name, "pause")
      }),

      resume: Effect.fnUntraced(function* ({ params: { name } }) {
        return yield* change(name, "resume")
      }),

      cancel: Effect.fnUntraced(function* ({ params: { name } }) {
        return yield* change(name, "cancel")
      }),

      throttle: Effect.fnUntraced(
        function* ({ params: { name }, payload: { maxRate } }) {
          return buildView(yield* operations.throttle(name, maxRate, yield* by))
        },
        Effect.catchTags({ ...ofProjection, ...Refusals.nothingToChange })
      ),

      parked: Effect.fnUntraced(function* ({ params: { name } }) {
        return { parked: (yield* operations.parked(name)).map(parkedView) }
      }, Effect.catchTags(ofProjection)),

      retry: Effect.fnUntraced(
        function* ({ params: { name }, payload }) {
          return { asked: yield* operations.retry(name, payload?.streamId ?? null, yield* by) }
        },
        Effect.catchTags({ ...ofProjection, ...Refusals.notParked })
      ),

      events: Effect.fnUntraced(
        function* ({ query: { after = 0, limit = usualEvents, slice, stream } }) {
          if (stream !== undefined && slice === undefined) {
            return eventPageView(yield* inspect.ofStream(StreamId.make(stream), after, limit))
          }
          if (slice !== undefined && stream === undefined) {
            return eventPageView(yield* inspect.ofSlice(slice, after, limit))
          }
          return yield* Refusals.invalid(["query"], "Expected exactly one of stream and slice")
        },
        Effect.catchTags({ ...Refusals.logUnavailable, ...damaged })
      )
    })
  })
)

/** What engineers do, over HTTP. Nothing is decided here that the command line would decide otherwise. */
export const layer = handlers.pipe(Layer.provide([ProjectionOperations.layer, InspectEvents.layer]))

import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { EngineerAuthorization } from "../identity/Authorization.ts"
import { emptyBody } from "../page/EmptyBody.ts"
import { PageLimit, Pos, Slice } from "../page/PageLimit.ts"
import {
  BuildInProgressProblem,
  NothingToChangeProblem,
  NothingToRollBackToProblem,
  NotParkedProblem,
  UnknownProjectionProblem
} from "../problem/OperationsProblems.ts"
import { BodyRules, RequestRules } from "../problem/RequestRules.ts"
import { UnavailableProblem } from "../problem/ServiceProblems.ts"
import { BuildView } from "./BuildView.ts"
import { KeepHours, MaxRate, NewRate } from "./BuildWishes.ts"
import { EventPageView } from "./EventView.ts"
import { ParkedStreams, Projections, RetriesAsked } from "./OperationPages.ts"
import { ProjectionView } from "./ProjectionView.ts"
import { StreamName } from "./StreamName.ts"

const params = { name: Schema.String }
const known = [UnknownProjectionProblem, UnavailableProblem] as const

/** It is on record, and whoever owns the projection acts on it within a second or so. */
const asked = BuildView.pipe(HttpApiSchema.status(202))

const maxRate = Schema.optionalKey(MaxRate)
const keepHours = Schema.optionalKey(KeepHours)

const list = HttpApiEndpoint.get("list", "/projections", {
  success: Projections,
  error: UnavailableProblem
}).annotateMerge(OpenApi.annotations({ summary: "All read models and how they are doing" }))

const one = HttpApiEndpoint.get("one", "/projections/:name", {
  params,
  success: ProjectionView,
  error: known
}).annotateMerge(OpenApi.annotations({ summary: "One read model and how it is doing" }))

const rebuild = HttpApiEndpoint.post("rebuild", "/projections/:name/rebuild", {
  params,
  payload: [Schema.Struct({ maxRate, keepHours }), Schema.Null],
  success: asked,
  error: [...known, BuildInProgressProblem]
})
  .middleware(BodyRules)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Make its tables anew beside the live ones, and put them in their place",
      description: "Readers notice nothing. Follow it with `GET /operations/projections/:name`."
    })
  )

const verify = HttpApiEndpoint.post("verify", "/projections/:name/verify", {
  params,
  payload: [Schema.Struct({ maxRate }), Schema.Null],
  success: asked,
  error: [...known, BuildInProgressProblem]
})
  .middleware(BodyRules)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Compare its tables with ones made anew",
      description: "Changes nothing. The verdict is `build.comparison`, once it is done."
    })
  )

const rollback = HttpApiEndpoint.post("rollback", "/projections/:name/rollback", {
  params,
  payload: [Schema.Struct({ keepHours }), Schema.Null],
  success: asked,
  error: [...known, BuildInProgressProblem, NothingToRollBackToProblem]
})
  .middleware(BodyRules)
  .annotateMerge(OpenApi.annotations({ summary: "Put back the tables that the last switch replaced" }))

const pause = HttpApiEndpoint.post("pause", "/projections/:name/pause", {
  params,
  payload: emptyBody,
  success: asked,
  error: [...known, NothingToChangeProblem]
})
  .middleware(BodyRules)
  .annotateMerge(OpenApi.annotations({ summary: "Pause what is going on; what it has made stays" }))

const resume = HttpApiEndpoint.post("resume", "/projections/:name/resume", {
  params,
  payload: emptyBody,
  success: asked,
  error: [...known, NothingToChangeProblem]
})
  .middleware(BodyRules)
  .annotateMerge(OpenApi.annotations({ summary: "Go on with what is paused" }))

const cancel = HttpApiEndpoint.post("cancel", "/projections/:name/cancel", {
  params,
  payload: emptyBody,
  success: asked,
  error: [...known, NothingToChangeProblem]
})
  .middleware(BodyRules)
  .annotateMerge(
    OpenApi.annotations({
      summary: "End what is going on and remove what it has made",
      description: "The live tables stay as they are."
    })
  )

const throttle = HttpApiEndpoint.post("throttle", "/projections/:name/throttle", {
  params,
  payload: Schema.Struct({ maxRate: NewRate }),
  success: asked,
  error: [...known, NothingToChangeProblem]
})
  .middleware(BodyRules)
  .annotateMerge(OpenApi.annotations({ summary: "Set how fast it may go, from now on" }))

const parked = HttpApiEndpoint.get("parked", "/projections/:name/parked", {
  params,
  success: ParkedStreams,
  error: known
}).annotateMerge(OpenApi.annotations({ summary: "Streams that it does not follow for now, and why" }))

const retry = HttpApiEndpoint.post("retry", "/projections/:name/retry", {
  params,
  payload: [Schema.Struct({ streamId: Schema.optionalKey(StreamName) }), Schema.Null],
  success: RetriesAsked.pipe(HttpApiSchema.status(202)),
  error: [...known, NotParkedProblem]
})
  .middleware(BodyRules)
  .annotateMerge(OpenApi.annotations({ summary: "Try one parked stream again, or all of them" }))

const events = HttpApiEndpoint.get("events", "/events", {
  query: {
    stream: Schema.optionalKey(StreamName.annotate({ description: "Exactly one of `stream` and `slice`." })),
    slice: Schema.optionalKey(Slice),
    after: Schema.optionalKey(
      Pos.annotate({ description: "Position in the stream or slice to begin after; 0 unless given." })
    ),
    limit: Schema.optionalKey(PageLimit)
  },
  success: EventPageView,
  error: UnavailableProblem
}).annotateMerge(
  OpenApi.annotations({ summary: "Events as they are recorded", description: "Without their content." })
)

export const OperationsGroup = HttpApiGroup.make("operations")
  .add(list, one, rebuild, verify, rollback, pause, resume, cancel, throttle, parked, retry, events)
  .prefix("/operations")
  .middleware(RequestRules)
  // Outermost, so that nothing of a stranger's body is looked at.
  .middleware(EngineerAuthorization)
  .annotateMerge(
    OpenApi.annotations({ title: "Operations", description: "For engineers only. Shows no content." })
  )

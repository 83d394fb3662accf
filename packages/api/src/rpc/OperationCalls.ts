import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import { BuildView } from "../operations/BuildView.ts"
import { KeepHours, MaxRate, NewRate } from "../operations/BuildWishes.ts"
import { EventPageView } from "../operations/EventView.ts"
import { ParkedStreams, Projections, RetriesAsked } from "../operations/OperationPages.ts"
import { ProjectionView } from "../operations/ProjectionView.ts"
import { StreamName } from "../operations/StreamName.ts"
import {
  BuildInProgressProblem,
  NothingToChangeProblem,
  NothingToRollBackToProblem,
  NotParkedProblem,
  UnknownProjectionProblem
} from "../problem/OperationsProblems.ts"
import { InvalidRequestProblem } from "../problem/RequestProblems.ts"
import { UnavailableProblem } from "../problem/ServiceProblems.ts"
import { EngineerCalls } from "./CallAuthorization.ts"
import { PageLimit, Pos, Slice } from "./CallNumbers.ts"
import { CallRules } from "./CallRules.ts"
import { NoParameters } from "./NoParameters.ts"

const named = { name: Schema.String }
const known = [UnknownProjectionProblem, UnavailableProblem] as const

const changing = {
  payload: named,
  success: BuildView,
  error: Schema.Union([...known, NothingToChangeProblem])
}

/** For engineers only. Shows no content. */
export class OperationCalls extends RpcGroup.make(
  /** All read models and how they are doing. */
  Rpc.make("ListProjections", {
    payload: NoParameters,
    success: Projections,
    error: UnavailableProblem
  }),
  Rpc.make("DescribeProjection", {
    payload: named,
    success: ProjectionView,
    error: Schema.Union(known)
  }),
  /** Makes its tables anew beside the live ones, and puts them in their place. */
  Rpc.make("RebuildProjection", {
    payload: {
      ...named,
      maxRate: Schema.optionalKey(MaxRate),
      keepHours: Schema.optionalKey(KeepHours)
    },
    success: BuildView,
    error: Schema.Union([...known, BuildInProgressProblem])
  }),
  /** Compares its tables with ones made anew. */
  Rpc.make("VerifyProjection", {
    payload: { ...named, maxRate: Schema.optionalKey(MaxRate) },
    success: BuildView,
    error: Schema.Union([...known, BuildInProgressProblem])
  }),
  /** Puts back the tables that the last switch replaced. */
  Rpc.make("RollBackProjection", {
    payload: { ...named, keepHours: Schema.optionalKey(KeepHours) },
    success: BuildView,
    error: Schema.Union([...known, BuildInProgressProblem, NothingToRollBackToProblem])
  }),
  Rpc.make("PauseBuild", changing),
  Rpc.make("ResumeBuild", changing),
  /** Ends what is going on and removes what it has made. */
  Rpc.make("CancelBuild", changing),
  Rpc.make("ThrottleBuild", {
    payload: { ...named, maxRate: NewRate },
    success: BuildView,
    error: Schema.Union([...known, NothingToChangeProblem])
  }),
  /** Streams that it does not follow for now, and why. */
  Rpc.make("ListParked", { payload: named, success: ParkedStreams, error: Schema.Union(known) }),
  /** Tries one parked stream again, or all of them. */
  Rpc.make("RetryParked", {
    payload: { ...named, streamId: Schema.optionalKey(StreamName) },
    success: RetriesAsked,
    error: Schema.Union([...known, NotParkedProblem])
  }),
  /** Events as they are recorded, of exactly one of `stream` and `slice`, without their content. */
  Rpc.make("ReadEvents", {
    payload: {
      stream: Schema.optionalKey(StreamName),
      slice: Schema.optionalKey(Slice),
      after: Schema.optionalKey(Pos),
      limit: Schema.optionalKey(PageLimit)
    },
    success: EventPageView,
    error: Schema.Union([InvalidRequestProblem, UnavailableProblem])
  })
)
  .middleware(EngineerCalls)
  .middleware(CallRules) {}

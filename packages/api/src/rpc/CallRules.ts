import { Schema } from "effect"
import { RpcMiddleware } from "effect/rpc"
import { DrainingProblem, UnknownMethodProblem } from "../problem/CallProblems.ts"
import { InvalidRequestProblem } from "../problem/RequestProblems.ts"
import { InternalErrorProblem, OverloadedProblem } from "../problem/ServiceProblems.ts"

/** What any call may meet, whatever it asks. Not even a defect of the server is more than a typed error of one call. */
export const anyCallsProblem = Schema.Union([
  InvalidRequestProblem,
  UnknownMethodProblem,
  OverloadedProblem,
  DrainingProblem,
  InternalErrorProblem
])

export class CallRules extends RpcMiddleware.Service<CallRules>()("@indelible/api/rpc/CallRules", {
  error: anyCallsProblem
}) {}

import * as CallProblems from "@indelible/api/problem/CallProblems"
import * as IdentityProblems from "@indelible/api/problem/IdentityProblems"
import { InvalidRequestProblem, MalformedBodyProblem } from "@indelible/api/problem/RequestProblems"
import { InternalErrorProblem, UnavailableProblem } from "@indelible/api/problem/ServiceProblems"
import { Schema } from "effect"

/** What is refused before a call is begun, and so is not written by its own schema. */
export const RefusedCall = Schema.Union([
  IdentityProblems.UnauthenticatedProblem,
  CallProblems.UnknownMethodProblem,
  CallProblems.CallInFlightProblem,
  CallProblems.TooManyFollowsProblem,
  CallProblems.DrainingProblem,
  InvalidRequestProblem,
  MalformedBodyProblem,
  UnavailableProblem,
  InternalErrorProblem
])

export type RefusedCall = typeof RefusedCall.Type

export const problemJson = Schema.encodeSync(Schema.toCodecJson(RefusedCall))

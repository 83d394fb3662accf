import { HttpApiMiddleware } from "effect/http-api"
import {
  BodyTooLargeProblem,
  InvalidRequestProblem,
  MalformedBodyProblem,
  UnsupportedMediaTypeProblem
} from "./RequestProblems.ts"
import { InternalErrorProblem, OverloadedProblem } from "./ServiceProblems.ts"

/** What any request may meet, whatever it asks. */
export class RequestRules extends HttpApiMiddleware.Service<RequestRules>()(
  "@indelible/api/problem/RequestRules",
  { error: [InvalidRequestProblem, OverloadedProblem, InternalErrorProblem] }
) {}

/** What holds for every body, before it is read as anything in particular. */
export class BodyRules extends HttpApiMiddleware.Service<BodyRules>()("@indelible/api/problem/BodyRules", {
  error: [MalformedBodyProblem, BodyTooLargeProblem, UnsupportedMediaTypeProblem]
}) {}

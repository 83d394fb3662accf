import { InternalErrorProblem } from "@indelible/api/problem/ServiceProblems"
import { type Cause, Effect } from "effect"
import { HttpServerRespondable } from "effect/http"
import { RequestRecord } from "../../answers/RequestRecord.ts"
import { tellCause } from "../../answers/TellCause.ts"

/** A defect is told to the log in full, and to the client by its correlation id alone. */
export const internalError = Effect.fnUntraced(function* (cause: Cause.Cause<unknown>) {
  const known = yield* RequestRecord
  known.problem = "internal_error"
  yield* Effect.logError("a request failed on a defect", tellCause(cause))
  return yield* HttpServerRespondable.toResponse(new InternalErrorProblem(known))
})

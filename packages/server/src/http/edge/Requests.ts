import { InvalidRequestProblem } from "@indelible/api/problem/RequestProblems"
import { RequestRules } from "@indelible/api/problem/RequestRules"
import { Effect } from "effect"
import { type HttpApiError, HttpApiMiddleware } from "effect/http-api"
import { issuesOf } from "../../answers/IssuesOf.ts"
import { refuse } from "../../answers/Refuse.ts"

/** With the part of the request first. */
const errorsOf = ({ cause, kind }: HttpApiError.HttpApiSchemaError) =>
  issuesOf(cause.issue).map(({ message, path }) => ({ path: [kind.toLowerCase(), ...path], message }))

/** Requests that are not as documented become problems that name each fault. */
export const layer = HttpApiMiddleware.layerSchemaErrorTransform(RequestRules, (error) =>
  error.kind === "Body" || error.kind === "ResponseHeaders"
    ? // An answer that is not as documented is a defect of ours.
      Effect.die(error)
    : refuse((common) => new InvalidRequestProblem({ ...common, errors: errorsOf(error) }))
)

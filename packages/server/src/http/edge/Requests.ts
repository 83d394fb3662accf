import { InvalidRequestProblem } from "@indelible/api/problem/RequestProblems"
import { RequestRules } from "@indelible/api/problem/RequestRules"
import { Effect, SchemaIssue } from "effect"
import { type HttpApiError, HttpApiMiddleware } from "effect/http-api"
import { refuse } from "../../answers/Refuse.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const segment = (part: PropertyKey | { readonly key: PropertyKey }): string | number => {
  const key = typeof part === "object" ? part.key : part
  return typeof key === "number" ? key : String(key)
}

/** Where and why, with the part of the request first. The messages say what was expected and quote nothing. */
const errorsOf = ({ cause, kind }: HttpApiError.HttpApiSchemaError) =>
  format(cause.issue).issues.map(({ message, path = [] }) => ({
    path: [kind.toLowerCase(), ...path.map(segment)],
    message
  }))

/** Requests that are not as documented become problems that name each fault. */
export const layer = HttpApiMiddleware.layerSchemaErrorTransform(RequestRules, (error) =>
  error.kind === "Body" || error.kind === "ResponseHeaders"
    ? // An answer that is not as documented is a defect of ours.
      Effect.die(error)
    : refuse((common) => new InvalidRequestProblem({ ...common, errors: errorsOf(error) }))
)

import { Context } from "effect"
import { HttpApi } from "effect/http-api"

/**
 * What is not documented is an error, named with all others of the request. Headers are exempt, since every client and
 * proxy adds some; answers are cut to what is documented.
 */
export const strictness = Context.make(HttpApi.ParseOptions, {
  onExcessProperty: "error",
  errors: "all"
}).pipe(
  Context.add(HttpApi.HeadersParseOptions, {}),
  Context.add(HttpApi.SuccessParseOptions, {}),
  Context.add(HttpApi.ErrorParseOptions, {})
)

import { Unauthenticated } from "@indelible/application/identity/IdentityError"
import { Result } from "effect"
import { decodeProtectedHeader } from "jose"
import { maxTokenLength } from "./TokenRules.ts"

export interface TokenHeader {
  readonly alg: string
  readonly kid: string | undefined
}

// JWS compact form, RFC 7515 section 7.1: no JWE (five parts), no padding, no empty signature.
const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/
// `JWT` of RFC 7519, `at+jwt` of RFC 9068; media types compare without case, with or without `application/`.
const accessTokenType = /^(application\/)?(jwt|at\+jwt)$/i
const maxKidLength = 256

const refuse = (reason: Unauthenticated["reason"]) => Result.fail(new Unauthenticated({ reason }))

const decode = (token: string) =>
  Result.try({
    try: () => decodeProtectedHeader(token),
    catch: () => new Unauthenticated({ reason: "malformed" })
  })

/**
 * What a token says about itself before anything is proven: only enough to choose the key. `jku`, `x5u`, `x5c` and
 * `jwk`, by which a token would bring its own key, are not even read.
 */
export const readHeader = (
  token: string,
  algorithms: ReadonlyArray<string>
): Result.Result<TokenHeader, Unauthenticated> => {
  if (token.length > maxTokenLength) return refuse("too-long")
  if (!compact.test(token)) return refuse("malformed")
  return Result.flatMap(decode(token), ({ alg, kid, typ }) => {
    if (typeof alg !== "string" || !algorithms.includes(alg)) return refuse("algorithm")
    if (typeof typ !== "string" || !accessTokenType.test(typ)) return refuse("type")
    if (kid !== undefined && (typeof kid !== "string" || kid === "" || kid.length > maxKidLength)) {
      return refuse("key-id")
    }
    return Result.succeed({ alg, kid })
  })
}

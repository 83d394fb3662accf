import { Unauthenticated } from "@indelible/application/identity/IdentityError"
import { Clock, Effect } from "effect"
import { errors, type JWTVerifyOptions, jwtVerify } from "jose"
import { readClaims } from "./TokenClaims.ts"
import type { TokenHeader } from "./TokenHeader.ts"
import { clockSkewSeconds, type TokenRules } from "./TokenRules.ts"

type Key = Parameters<typeof jwtVerify>[1]

const claimRefusals: Readonly<Record<string, Unauthenticated["reason"]>> = {
  iss: "issuer",
  aud: "audience",
  nbf: "not-yet-valid"
}

/** jose's errors carry the claims, so only their kind goes on. */
const refusal = (error: unknown) => {
  if (error instanceof errors.JWTExpired) return "expired"
  if (error instanceof errors.JWTClaimValidationFailed) return claimRefusals[error.claim] ?? "claims"
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature"
  if (error instanceof errors.JOSEAlgNotAllowed) return "algorithm"
  // What is left is a `crit` or `b64` header, claims that are no JSON object; or, as a TypeError, a key too weak.
  return error instanceof TypeError ? "unusable-key" : "malformed"
}

/** Signature, issuer, audience, times, then the rest of the claims. Time is the Effect clock's. */
export const proveToken = Effect.fnUntraced(function* (
  token: string,
  header: TokenHeader,
  key: Key,
  rules: TokenRules
) {
  const now = yield* Clock.currentTimeMillis
  const options: JWTVerifyOptions = {
    algorithms: [header.alg],
    issuer: rules.issuer,
    audience: rules.audience,
    requiredClaims: ["exp", "iat", "sub"],
    clockTolerance: clockSkewSeconds,
    currentDate: new Date(now)
  }
  const { payload } = yield* Effect.tryPromise({
    try: () => jwtVerify(token, key, options),
    catch: (error) => new Unauthenticated({ reason: refusal(error) })
  })
  return yield* Effect.fromResult(readClaims(payload, now / 1_000))
})

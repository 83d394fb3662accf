import { Unauthenticated } from "@indelible/application/identity/IdentityError"
import type { VerifiedToken } from "@indelible/application/identity/TokenVerifier"
import { Result } from "effect"
import type { JWTPayload } from "jose"
import { clockSkewSeconds } from "./TokenRules.ts"

const maxSubjectLength = 200
// A NUL is an error to Postgres, a lone surrogate turns into another string on its way there.
const readableText = /^[^\p{Cc}\p{Cs}]+$/u
/** The last second a `Date` can hold. */
const lastSecond = 8_640_000_000_000
const roles: ReadonlyArray<unknown> = ["business", "worker", "compliance", "engineer", "service"]

const refuse = (reason: Unauthenticated["reason"]) => Result.fail(new Unauthenticated({ reason }))

const isTime = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= lastSecond

/**
 * Signs of an ID token, which proves a sign-in to the client and was never meant for us: OpenID Connect's hashes and
 * nonce, Keycloak's `typ`, Cognito's `token_use`.
 */
const isIdToken = (claims: JWTPayload) =>
  ["nonce", "at_hash", "c_hash", "s_hash"].some((claim) => Object.hasOwn(claims, claim)) ||
  claims.typ === "ID" ||
  claims.token_use === "id"

/**
 * The claims that jose leaves to its caller; signature, issuer, audience, `nbf` and expiry are proven before. Nothing
 * is coerced: `"true"`, `["service"]` or a number where a string belongs is refused. A role that is not ours is
 * refused as well, though only `service` has any effect, so that a slip at the issuer shows at once.
 */
export const readClaims = (
  claims: JWTPayload,
  nowSeconds: number
): Result.Result<VerifiedToken, Unauthenticated> => {
  const { exp, iat, role, sub } = claims
  if (!isTime(exp) || !isTime(iat)) return refuse("claims")
  if (iat > nowSeconds + clockSkewSeconds) return refuse("issued-in-future")
  if (typeof sub !== "string" || sub.length > maxSubjectLength || !readableText.test(sub)) {
    return refuse("claims")
  }
  if (isIdToken(claims)) return refuse("id-token")
  if (Object.hasOwn(claims, "role") && !roles.includes(role)) return refuse("role")
  return Result.succeed({
    userId: sub,
    isService: role === "service",
    issuedAt: iat * 1_000,
    // jose compares whole seconds, rounded down, so a fraction of a second lives until its end.
    expiresAt: Math.ceil(exp + clockSkewSeconds) * 1_000
  })
}

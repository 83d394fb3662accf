import { Config, Effect, Option, Redacted, Schema } from "effect"
import type { JwksTokens } from "./JwksTokenVerifier.ts"
import type { SecretTokens } from "./SecretTokenVerifier.ts"

/** The JWT_* variables contradict each other or are incomplete. The message names the way out and shows no value. */
export class IdentityMisconfigured extends Schema.TaggedError<IdentityMisconfigured>()(
  "IdentityMisconfigured",
  { detail: Schema.String }
) {
  override get message() {
    return this.detail
  }
}

/** Where tokens come from. `Development`: we issue them ourselves, to whoever asks. */
export type TokenSource =
  | ({ readonly _tag: "Secret" } & SecretTokens)
  | ({ readonly _tag: "Jwks" } & JwksTokens)
  | { readonly _tag: "Development" }

/** Deployment files often leave a variable empty to say that it is not set. */
const text = (name: string) =>
  Config.option(Config.String(name)).pipe(
    Config.map((value) =>
      Option.filter(
        Option.map(value, (set) => set.trim()),
        (set) => set !== ""
      )
    )
  )

const misconfigured = (detail: string) => new IdentityMisconfigured({ detail })

const development: TokenSource = { _tag: "Development" }

const loopback = ["localhost", "127.0.0.1", "[::1]"]

const keyEndpoint = Effect.fnUntraced(function* (value: string) {
  const url = URL.parse(value)
  if (url === null) return yield* misconfigured("JWT_JWKS_URL is not a URL")
  if (url.username !== "" || url.password !== "") {
    return yield* misconfigured("JWT_JWKS_URL must not hold a user name or password")
  }
  // Whoever can change the keys on their way is anyone they like.
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback.includes(url.hostname))) {
    return yield* misconfigured("JWT_JWKS_URL must be https (http only for this machine itself)")
  }
  return url
})

/**
 * Reads where tokens come from.
 *
 * | variable       | default | meaning                                                                              |
 * | -------------- | ------- | ------------------------------------------------------------------------------------ |
 * | `JWT_SECRET`   | none    | secret shared with the issuer, 32 bytes or more: HS256. Not with `JWT_JWKS_URL`      |
 * | `JWT_JWKS_URL` | none    | where the issuer publishes its keys, https: RS256, ES256, EdDSA. Not with `JWT_SECRET` |
 * | `JWT_ISSUER`   | none    | required with either: the `iss` every token must have, exactly                       |
 * | `JWT_AUDIENCE` | none    | required with either: what `aud` of every token must be or contain                   |
 *
 * None of them set: development sign-in, which refuses to start when `NODE_ENV=production`. Empty counts as not set.
 */
export const fromConfig = Effect.gen(function* () {
  const { audience, issuer, jwksUrl, secret } = yield* Config.all({
    secret: text("JWT_SECRET"),
    jwksUrl: text("JWT_JWKS_URL"),
    issuer: text("JWT_ISSUER"),
    audience: text("JWT_AUDIENCE")
  })
  if (Option.isSome(secret) && Option.isSome(jwksUrl)) {
    return yield* misconfigured(
      "JWT_SECRET and JWT_JWKS_URL are both set; keep the one your issuer signs with and remove the other"
    )
  }
  if (Option.isNone(secret) && Option.isNone(jwksUrl)) {
    // Half a configuration must not open the door to everyone.
    if (Option.isNone(issuer) && Option.isNone(audience)) return development
    return yield* misconfigured("JWT_ISSUER or JWT_AUDIENCE is set; set JWT_SECRET or JWT_JWKS_URL as well")
  }
  if (Option.isNone(issuer) || Option.isNone(audience)) {
    return yield* misconfigured("tokens cannot be checked without both JWT_ISSUER and JWT_AUDIENCE; set both")
  }
  const rules = { issuer: issuer.value, audience: audience.value }
  const source: TokenSource = Option.isSome(secret)
    ? { _tag: "Secret", secret: Redacted.make(secret.value, { label: "JWT_SECRET" }), ...rules }
    : { _tag: "Jwks", url: yield* keyEndpoint(Option.getOrElse(jwksUrl, () => "")), ...rules }
  return source
})

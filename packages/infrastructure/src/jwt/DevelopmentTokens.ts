import { TokenVerifier } from "@indelible/application/identity/TokenVerifier"
import { Clock, Config, Context, Duration, Effect, Layer, Redacted, Schema } from "effect"
import { SignJWT } from "jose"
import * as DevelopmentKey from "./DevelopmentKey.ts"
import * as SecretTokenVerifier from "./SecretTokenVerifier.ts"

/** Development sign-in lets anyone be anyone, so a production service does not start with it. */
export class DevelopmentRefused extends Schema.TaggedError<DevelopmentRefused>()("DevelopmentRefused", {}) {
  override get message() {
    return "NODE_ENV=production and no way to check tokens: set JWT_SECRET or JWT_JWKS_URL, with JWT_ISSUER and JWT_AUDIENCE"
  }
}

const issuer = "indelible-development"
const audience = "indelible"
const lifetime = Duration.hours(12)

export interface SignIn {
  readonly userId: string
  /** Only to play the surrounding platform's program; a person's role is the directory's. */
  readonly role?: "service"
  /** 12 hours unless given. */
  readonly lifetime?: Duration.Duration
}

/** Issues tokens to whoever asks: for trying the service out on one machine. */
export class DevelopmentTokens extends Context.Service<
  DevelopmentTokens,
  { readonly issue: (signIn: SignIn) => Effect.Effect<string> }
>()("@indelible/infrastructure/jwt/DevelopmentTokens") {}

const make = Effect.fnUntraced(function* (keyFile: string) {
  const environment = yield* Config.String("NODE_ENV").pipe(Config.withDefault(""))
  if (environment.trim().toLowerCase() === "production") return yield* new DevelopmentRefused()
  const secret = yield* DevelopmentKey.open(keyFile)
  const key = new TextEncoder().encode(Redacted.value(secret))
  const verifier = yield* SecretTokenVerifier.make({ secret, issuer, audience })

  const issue = Effect.fn("DevelopmentTokens.issue")(function* (signIn: SignIn) {
    const now = (yield* Clock.currentTimeMillis) / 1_000
    const claims = signIn.role === undefined ? {} : { role: signIn.role }
    const token = new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
      .setSubject(signIn.userId)
      .setIssuer(issuer)
      .setAudience(audience)
      // With its fraction, so that signing in right after signing out works (see Standing.ts).
      .setIssuedAt(now)
      .setExpirationTime(now + Duration.toSeconds(signIn.lifetime ?? lifetime))
    return yield* Effect.promise(() => token.sign(key))
  })

  return Context.make(DevelopmentTokens, { issue }).pipe(Context.add(TokenVerifier, verifier))
})

/** Issuing and checking by one key, kept in `keyFile`. */
export const layer = (keyFile: string) => Layer.effectContext(make(keyFile))

import { webcrypto } from "node:crypto"
import { TokenVerifier } from "@indelible/application/identity/TokenVerifier"
import { Effect, Layer, type Redacted } from "effect"
import { proveToken } from "./ProveToken.ts"
import { readHeader } from "./TokenHeader.ts"
import type { TokenRules } from "./TokenRules.ts"
import { secretBytes } from "./TokenSecret.ts"

const algorithms = ["HS256"]

export interface SecretTokens extends TokenRules {
  readonly secret: Redacted.Redacted
}

/** Tokens signed with a secret we share with the issuer: HS256 and nothing else, whatever the header says. */
export const make = Effect.fnUntraced(function* (settings: SecretTokens) {
  const bytes = yield* secretBytes(settings.secret)
  // Imported once: jose would import plain bytes again for every token.
  const key = yield* Effect.promise(() =>
    webcrypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"])
  )
  return TokenVerifier.of({
    verify: Effect.fn("SecretTokenVerifier.verify")(function* (token) {
      const header = yield* Effect.fromResult(readHeader(token, algorithms))
      return yield* proveToken(token, header, key, settings)
    }),
    ready: Effect.succeed(true)
  })
})

export const layer = (settings: SecretTokens) => Layer.effect(TokenVerifier, make(settings))

import { Unauthenticated } from "@indelible/application/identity/IdentityError"
import { TokenVerifier } from "@indelible/application/identity/TokenVerifier"
import { Effect, Layer } from "effect"
import { proveToken } from "./ProveToken.ts"
import * as RemoteKeys from "./RemoteKeys.ts"
import { readHeader } from "./TokenHeader.ts"
import type { TokenRules } from "./TokenRules.ts"

// No HS256: with it, anyone could sign with the public key as if it were a secret.
const algorithms = ["RS256", "ES256", "EdDSA", "Ed25519"]

export interface JwksTokens extends TokenRules {
  readonly url: URL
}

/** Tokens signed with one of the issuer's published keys (RFC 7517), which the token names by `kid`. */
export const make = Effect.fnUntraced(function* (
  settings: JwksTokens,
  timing: Partial<Omit<RemoteKeys.RemoteKeysSettings, "url">> = {}
) {
  const keys = yield* RemoteKeys.make({ ...RemoteKeys.defaults, ...timing, url: settings.url })
  return TokenVerifier.of({
    verify: Effect.fn("JwksTokenVerifier.verify")(function* (token) {
      const header = yield* Effect.fromResult(readHeader(token, algorithms))
      if (header.kid === undefined) return yield* new Unauthenticated({ reason: "key-id" })
      return yield* proveToken(token, header, yield* keys.keyFor(header), settings)
    }),
    ready: keys.ready
  })
})

export const layer = (settings: JwksTokens) => Layer.effect(TokenVerifier, make(settings))

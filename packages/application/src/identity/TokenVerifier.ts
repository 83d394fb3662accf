import { Context, type Effect } from "effect"
import type { IdentityUnavailable, Unauthenticated } from "./IdentityError.ts"

/** What a genuine token says. Whether its person may come in is not decided yet. */
export interface VerifiedToken {
  /** `sub`: 1 to 200 characters, no control characters. */
  readonly userId: string
  /** The role claim was exactly `"service"`. */
  readonly isService: boolean
  /** `iat` in epoch milliseconds. Issuers mostly give whole seconds, rounded down. */
  readonly issuedAt: number
  /** The first instant at which the token is refused: `exp` plus the tolerated clock skew, epoch milliseconds. */
  readonly expiresAt: number
}

/**
 * Proves that a token is an access token for us, signed by the configured issuer and valid now. It looks at nothing
 * but token, keys and clock, and never asks an address that the token names.
 */
export class TokenVerifier extends Context.Service<
  TokenVerifier,
  {
    readonly verify: (token: string) => Effect.Effect<VerifiedToken, Unauthenticated | IdentityUnavailable>
    /** False while there are no keys to verify with: for the readiness endpoint. */
    readonly ready: Effect.Effect<boolean>
  }
>()("@indelible/application/identity/TokenVerifier") {}

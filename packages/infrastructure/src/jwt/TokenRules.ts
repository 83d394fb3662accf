/** Whom we believe and whom tokens must be meant for; compared exactly, case and trailing slash included. */
export interface TokenRules {
  readonly issuer: string
  readonly audience: string
}

/**
 * How far the issuer's clock may be from ours, for `exp`, `nbf` and `iat`. Small on purpose: it is also how long an
 * expired token goes on, and how long a token of an issuer that runs ahead can outlive a sign-out.
 */
export const clockSkewSeconds = 20

/** Characters. Real tokens have one to four thousand; the bound keeps decoding a stranger's bytes cheap. */
export const maxTokenLength = 8_192

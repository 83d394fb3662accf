import type { Person, Role } from "../people/People.ts"

/** The part of a person that decides whether their sessions stand; no name, so it may be kept and passed round. */
export type Standing = Pick<Person, "subject" | "role" | "status" | "signedOutAt">

export type SessionEnd = "suspended" | "left" | "signed-out" | "role-changed"

export const standingOf = ({ role, signedOutAt, status, subject }: Person): Standing => ({
  subject,
  role,
  status,
  signedOutAt
})

/**
 * Why a session that began with a token issued at `issuedAt` (epoch milliseconds) may not go on, or undefined.
 *
 * `iat` is mostly in whole seconds, rounded down, so a token issued in the second of the sign-out reads as before it
 * and is refused, whichever came first: letting one old token live is worse than a second sign-in. A fresh sign-in
 * works from the next full second on; at once when the issuer writes fractions of seconds, as RFC 7519 allows.
 * This trusts the issuer's clock: one that runs ahead dates a token after a sign-out that came later, which is why
 * the tolerated skew is small.
 */
export const sessionEnd = (
  standing: Standing,
  session: { readonly issuedAt: number; readonly role: Role }
): SessionEnd | undefined => {
  if (standing.status !== "active") return standing.status
  if (session.issuedAt <= standing.signedOutAt) return "signed-out"
  // A socket was opened with the rights of the old role.
  return session.role === standing.role ? undefined : "role-changed"
}

import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import type { Role } from "../people/People.ts"

interface Session {
  /** The surrounding platform's id: the token's `sub`. */
  readonly userId: string
  /** When the token was issued, epoch milliseconds. */
  readonly issuedAt: number
  /** The first instant at which the token is refused (tolerated clock skew included), epoch milliseconds. */
  readonly expiresAt: number
}

export interface PersonPrincipal extends Session {
  readonly subject: SubjectId
  readonly role: Role
}

/** A program of the surrounding platform; no person stands behind it. */
export interface ServicePrincipal extends Session {
  readonly subject: null
  readonly role: "service"
}

/** Who asks, once their token and their standing in the directory were found good. */
export type Principal = PersonPrincipal | ServicePrincipal

/** Whether they can have conversations. */
export const converses = (principal: Principal): principal is PersonPrincipal =>
  principal.role === "business" || principal.role === "worker"

import type { CurrentEngineer, CurrentPerson } from "@indelible/api/identity/Authorization"
import { ForbiddenProblem, UnauthenticatedProblem } from "@indelible/api/problem/IdentityProblems"
import { Identity } from "@indelible/application/identity/Identity"
import { converses, type Principal } from "@indelible/application/identity/Principal"
import { Effect } from "effect"
import { identityUnavailable } from "./Refusals.ts"
import { refuse } from "./Refuse.ts"
import { RequestRecord } from "./RequestRecord.ts"

// Who may use which part of the interfaces. That a conversation is one's own is decided by the use cases, so that a
// stranger's refusal is the same as for one that does not exist.

export const unauthenticated = refuse((common) => new UnauthenticatedProblem(common))
export const forbidden = refuse((common) => new ForbiddenProblem(common))

/** Whose token it is; the request's record keeps it. */
export const whoAsks = Effect.map(Identity, ({ authenticate }) =>
  Effect.fnUntraced(
    function* (token: string) {
      const principal = yield* authenticate(token)
      const record = yield* RequestRecord
      record.who = principal.subject ?? "service"
      return principal
    },
    Effect.catchTags({ Unauthenticated: () => unauthenticated, ...identityUnavailable })
  )
)

export const asPerson = (principal: Principal): Effect.Effect<CurrentPerson["Service"], ForbiddenProblem> => {
  if (!converses(principal)) return forbidden
  const { subject, userId } = principal
  return Effect.succeed({ subject, userId })
}

export const asPlatform = ({ role }: Principal): Effect.Effect<void, ForbiddenProblem> =>
  role === "service" ? Effect.void : forbidden

export const asEngineer = ({
  role,
  subject
}: Principal): Effect.Effect<CurrentEngineer["Service"], ForbiddenProblem> =>
  role === "engineer" ? Effect.succeed({ subject }) : forbidden

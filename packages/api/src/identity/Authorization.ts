import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context } from "effect"
import { HttpApiMiddleware, HttpApiSecurity, OpenApi } from "effect/http-api"
import { ForbiddenProblem, UnauthenticatedProblem } from "../problem/IdentityProblems.ts"
import { UnavailableProblem } from "../problem/ServiceProblems.ts"

/** The business user or worker who asks. */
export class CurrentPerson extends Context.Service<
  CurrentPerson,
  { readonly subject: SubjectId; readonly userId: string }
>()("@indelible/api/identity/CurrentPerson") {}

const bearer = HttpApiSecurity.bearer.pipe(
  HttpApiSecurity.annotateMerge(
    OpenApi.annotations({
      description: "A JWT of the platform, or of development sign-in. Never in the URL."
    })
  )
)

const error = [UnauthenticatedProblem, ForbiddenProblem, UnavailableProblem] as const

/** Business users and workers. */
export class PersonAuthorization extends HttpApiMiddleware.Service<
  PersonAuthorization,
  { provides: CurrentPerson }
>()("@indelible/api/identity/PersonAuthorization", {
  requiredForClient: true,
  security: { bearer },
  error
}) {}

/** The programs of the surrounding platform: tokens with the claim `"role": "service"`. */
export class PlatformAuthorization extends HttpApiMiddleware.Service<PlatformAuthorization>()(
  "@indelible/api/identity/PlatformAuthorization",
  { requiredForClient: true, security: { bearer }, error }
) {}

/** The engineer who asks. */
export class CurrentEngineer extends Context.Service<CurrentEngineer, { readonly subject: SubjectId }>()(
  "@indelible/api/identity/CurrentEngineer"
) {}

/** Engineers, who keep the service running and see no content. */
export class EngineerAuthorization extends HttpApiMiddleware.Service<
  EngineerAuthorization,
  { provides: CurrentEngineer }
>()("@indelible/api/identity/EngineerAuthorization", {
  requiredForClient: true,
  security: { bearer },
  error
}) {}

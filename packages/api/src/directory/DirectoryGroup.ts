import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { PlatformAuthorization } from "../identity/Authorization.ts"
import { emptyBody } from "../page/EmptyBody.ts"
import {
  ApplicationTakenProblem,
  PersonErasedProblem,
  UserNotFoundProblem
} from "../problem/DirectoryProblems.ts"
import { BodyRules, RequestRules } from "../problem/RequestRules.ts"
import { UnavailableProblem } from "../problem/ServiceProblems.ts"
import { ApplicationDetails, UserDetails } from "./DirectoryEntries.ts"
import { PlatformId } from "./PlatformId.ts"

const params = { id: PlatformId }

const putUser = HttpApiEndpoint.put("putUser", "/users/:id", {
  params,
  payload: UserDetails,
  success: Schema.Struct({ id: PlatformId, ...UserDetails.fields }),
  error: [PersonErasedProblem, UnavailableProblem]
})
  .middleware(BodyRules)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Add or update a user",
      description:
        "Replaces all details. Tokens of someone suspended or gone are refused within 5 s, and their connections closed."
    })
  )

const putApplication = HttpApiEndpoint.put("putApplication", "/applications/:id", {
  params,
  payload: ApplicationDetails,
  success: Schema.Struct({ id: PlatformId, ...ApplicationDetails.fields }),
  error: [ApplicationTakenProblem, UnavailableProblem]
})
  .middleware(BodyRules)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Add or update an application",
      description: "Withdrawing it stops new conversations; existing ones go on."
    })
  )

const signOut = HttpApiEndpoint.post("signOut", "/users/:id/sign-out", {
  params,
  payload: emptyBody,
  success: HttpApiSchema.NoContent,
  error: [UserNotFoundProblem, UnavailableProblem]
})
  .middleware(BodyRules)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Sign a user out everywhere",
      description: "Tokens issued until now are refused within 5 s, and connections closed."
    })
  )

export const DirectoryGroup = HttpApiGroup.make("directory")
  .add(putUser, putApplication, signOut)
  .prefix("/directory")
  .middleware(RequestRules)
  // Outermost, so that nothing of a stranger's body is looked at.
  .middleware(PlatformAuthorization)
  .annotateMerge(
    OpenApi.annotations({ title: "Directory", description: "For the surrounding platform's programs only." })
  )

import { DisplayName } from "@indelible/domain/text/DisplayName"
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
import { PlatformId } from "./PlatformId.ts"

/** Deliberately loose: whether an address takes mail is found out by sending. */
const Email = Schema.String.check(
  Schema.isPattern(/^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,255}$/u, { expected: "an e-mail address" })
)

const User = Schema.Struct({
  name: DisplayName,
  email: Email,
  role: Schema.Literals(["business", "worker", "compliance", "engineer"]),
  status: Schema.Literals(["active", "suspended", "left"])
})

const Application = Schema.Struct({
  business: PlatformId.annotate({
    description: "Platform ids of the two people it joins; they never change."
  }),
  worker: PlatformId,
  status: Schema.Literals(["open", "withdrawn"])
})

const params = { id: PlatformId }

const putUser = HttpApiEndpoint.put("putUser", "/users/:id", {
  params,
  payload: User,
  success: Schema.Struct({ id: PlatformId, ...User.fields }),
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
  payload: Application,
  success: Schema.Struct({ id: PlatformId, ...Application.fields }),
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

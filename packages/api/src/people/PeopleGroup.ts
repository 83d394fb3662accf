import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { PlatformId } from "../directory/PlatformId.ts"
import { PersonAuthorization } from "../identity/Authorization.ts"
import { PersonNotFoundProblem } from "../problem/PeopleProblems.ts"
import { RequestRules } from "../problem/RequestRules.ts"
import { UnavailableProblem } from "../problem/ServiceProblems.ts"
import { PresenceView } from "./PresenceView.ts"

const presence = HttpApiEndpoint.get("presence", "/:id/presence", {
  params: { id: PlatformId },
  success: Schema.Struct({ userId: PlatformId, ...PresenceView.fields }),
  error: [PersonNotFoundProblem, UnavailableProblem]
}).annotateMerge(
  OpenApi.annotations({
    summary: "Whether somebody is there with whom one has a conversation",
    description:
      "A client with an open connection need not ask: it is told when it joins a conversation, and of each change."
  })
)

export const PeopleGroup = HttpApiGroup.make("people")
  .add(presence)
  .prefix("/users")
  .middleware(RequestRules)
  .middleware(PersonAuthorization)
  .annotateMerge(OpenApi.annotations({ title: "People" }))

import { Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { PlatformId } from "../directory/PlatformId.ts"
import { InvalidRequestProblem } from "../problem/RequestProblems.ts"
import { BodyRules, RequestRules } from "../problem/RequestRules.ts"
import { UnavailableProblem } from "../problem/ServiceProblems.ts"
import { strictness } from "../Strictness.ts"
import { DevelopmentPerson } from "./DevelopmentPerson.ts"

const signIn = HttpApiEndpoint.post("signIn", "/sign-in", {
  payload: Schema.Struct({
    userId: PlatformId,
    role: Schema.optionalKey(
      Schema.Literal("service").annotate({
        description: "Only to play the surrounding platform's program; a person's role is the directory's."
      })
    )
  }),
  success: Schema.Struct({ token: Schema.String })
}).middleware(BodyRules)

const people = HttpApiEndpoint.get("people", "/people", {
  success: Schema.Struct({ people: Schema.Array(DevelopmentPerson) }),
  error: [UnavailableProblem]
})

const clock = HttpApiEndpoint.post("clock", "/clock", {
  payload: Schema.Struct({ at: Schema.NullOr(Schema.DateTimeUtcFromString) }),
  success: Schema.Struct({ at: Schema.DateTimeUtcFromString }),
  error: InvalidRequestProblem
}).middleware(BodyRules)

/** Tokens for whoever asks: there only while no real tokens are configured, and never in production. */
export const DevelopmentApi = HttpApi.make("indelible-development")
  .add(
    HttpApiGroup.make("development")
      .add(signIn, people, clock)
      .prefix("/development")
      .middleware(RequestRules)
  )
  .annotateMerge(strictness)

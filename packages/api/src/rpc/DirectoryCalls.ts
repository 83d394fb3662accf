import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import { ApplicationDetails, UserDetails } from "../directory/DirectoryEntries.ts"
import { PlatformId } from "../directory/PlatformId.ts"
import {
  ApplicationTakenProblem,
  PersonErasedProblem,
  UserNotFoundProblem
} from "../problem/DirectoryProblems.ts"
import { UnavailableProblem } from "../problem/ServiceProblems.ts"
import { PlatformCalls } from "./CallAuthorization.ts"
import { CallRules } from "./CallRules.ts"

const user = { id: PlatformId, ...UserDetails.fields }
const application = { id: PlatformId, ...ApplicationDetails.fields }

/** For the surrounding platform's programs only. */
export class DirectoryCalls extends RpcGroup.make(
  /** Adds or replaces. Whoever is suspended or gone is refused and disconnected within 5 s. */
  Rpc.make("PutUser", {
    payload: user,
    success: Schema.Struct(user),
    error: Schema.Union([PersonErasedProblem, UnavailableProblem])
  }),
  /** Adds or updates. Withdrawing it stops new conversations; existing ones go on. */
  Rpc.make("PutApplication", {
    payload: application,
    success: Schema.Struct(application),
    error: Schema.Union([ApplicationTakenProblem, UnavailableProblem])
  }),
  /** Tokens issued until now are refused within 5 s, and connections closed. Answers null. */
  Rpc.make("SignOutUser", {
    payload: { id: PlatformId },
    success: Schema.Null,
    error: Schema.Union([UserNotFoundProblem, UnavailableProblem])
  })
)
  .middleware(PlatformCalls)
  .middleware(CallRules) {}

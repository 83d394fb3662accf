import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import { PlatformId } from "../directory/PlatformId.ts"
import { PresenceView } from "../people/PresenceView.ts"
import { PersonNotFoundProblem } from "../problem/PeopleProblems.ts"
import { UnavailableProblem } from "../problem/ServiceProblems.ts"
import { AnyoneCalls, PersonCalls } from "./CallAuthorization.ts"
import { CallRules } from "./CallRules.ts"
import { NoParameters } from "./NoParameters.ts"
import { WhoView } from "./WhoView.ts"

export class PeopleCalls extends RpcGroup.make(
  /** Whose token this is. For everyone who is signed in. */
  Rpc.make("WhoAmI", { payload: NoParameters, success: WhoView }).middleware(AnyoneCalls),
  /** Whether somebody is there with whom one has a conversation. For business users and workers. */
  Rpc.make("SeePresence", {
    payload: { userId: PlatformId },
    success: Schema.Struct({ userId: PlatformId, ...PresenceView.fields }),
    error: Schema.Union([PersonNotFoundProblem, UnavailableProblem])
  }).middleware(PersonCalls)
).middleware(CallRules) {}

import { Context, Schema } from "effect"
import { RpcMiddleware } from "effect/rpc"
import type { CurrentEngineer, CurrentPerson } from "../identity/Authorization.ts"
import { ForbiddenProblem, UnauthenticatedProblem } from "../problem/IdentityProblems.ts"
import { UnavailableProblem } from "../problem/ServiceProblems.ts"
import type { WhoView } from "./WhoView.ts"

const error = Schema.Union([UnauthenticatedProblem, ForbiddenProblem, UnavailableProblem])

/** Whoever asks, of any role. */
export class CurrentCaller extends Context.Service<CurrentCaller, WhoView>()(
  "@indelible/api/rpc/CurrentCaller"
) {}

/** Everyone who is signed in, programs of the platform too. */
export class AnyoneCalls extends RpcMiddleware.Service<AnyoneCalls, { provides: CurrentCaller }>()(
  "@indelible/api/rpc/AnyoneCalls",
  { error }
) {}

/** Business users and workers. */
export class PersonCalls extends RpcMiddleware.Service<PersonCalls, { provides: CurrentPerson }>()(
  "@indelible/api/rpc/PersonCalls",
  { error }
) {}

/** The programs of the surrounding platform: tokens with the claim `"role": "service"`. */
export class PlatformCalls extends RpcMiddleware.Service<PlatformCalls>()(
  "@indelible/api/rpc/PlatformCalls",
  { error }
) {}

/** Engineers, who keep the service running and see no content. */
export class EngineerCalls extends RpcMiddleware.Service<EngineerCalls, { provides: CurrentEngineer }>()(
  "@indelible/api/rpc/EngineerCalls",
  { error }
) {}

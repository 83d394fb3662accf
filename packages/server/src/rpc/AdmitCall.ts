import {
  CallInFlightProblem,
  TooManyFollowsProblem,
  UnknownMethodProblem
} from "@indelible/api/problem/CallProblems"
import { InvalidRequestProblem } from "@indelible/api/problem/RequestProblems"
import { Effect } from "effect"
import { refuse } from "../answers/Refuse.ts"
import { unauthenticated } from "../answers/WhoAsks.ts"
import type { CallClient } from "./CallClient.ts"
import { Caller } from "./Caller.ts"
import type { Call } from "./Envelope.ts"
import { faultsIn } from "./Faults.ts"
import type { Methods } from "./Methods.ts"
import type { RpcSettings } from "./RpcSettings.ts"

/** The method of a call that may be begun. Nothing of a call has been done when it is refused here. */
export const admitCall = Effect.fnUntraced(function* (
  { maxFollows }: Pick<RpcSettings, "maxFollows">,
  client: CallClient,
  methods: Methods,
  { id, method: name, params = {} }: Call
) {
  const { principal } = yield* Caller
  const method = methods.get(name)
  // Strangers learn nothing of methods, not even whether there is one or its parameters are well made.
  if (principal === undefined && method?.signsIn !== true) return yield* unauthenticated
  if (method === undefined) return yield* refuse((common) => new UnknownMethodProblem(common))
  if (client.inFlight.has(id)) return yield* refuse((common) => new CallInFlightProblem(common))
  if (method.streams && client.streams >= maxFollows) {
    return yield* refuse((common) => new TooManyFollowsProblem(common))
  }
  const issue = method.complaint(params)
  if (issue === undefined) return method
  return yield* refuse((common) => new InvalidRequestProblem({ ...common, errors: faultsIn(issue) }))
})

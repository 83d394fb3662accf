import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import {
  DrainingProblem,
  TooManyFollowsProblem,
  TooManySocketsProblem,
  TooSlowProblem
} from "../problem/CallProblems.ts"
import { ForbiddenProblem, UnauthenticatedProblem } from "../problem/IdentityProblems.ts"
import { RateLimitedProblem } from "../problem/LimitProblems.ts"
import { InternalErrorProblem, OverloadedProblem, UnavailableProblem } from "../problem/ServiceProblems.ts"
import { MAX_RESUMED, ResumeCursor } from "../realtime/ClientFrame.ts"
import { ServerFrame } from "../realtime/ServerFrame.ts"
import { PersonCalls } from "./CallAuthorization.ts"
import { unsigned } from "./CallNumbers.ts"
import { CallRules } from "./CallRules.ts"
import { WhoView } from "./WhoView.ts"

const Cursor = ResumeCursor.check(Schema.makeFilter(({ pos }) => unsigned(pos)))

/** What is about the connection, and so there over WebSocket alone. */
export class ConnectionCalls extends RpcGroup.make(
  /**
   * Signs in on a connection whose upgrade request brought no token, within 5 s; again, with a newer token of the same
   * person, to stay longer. A first token that is refused ends the connection.
   */
  Rpc.make("Authenticate", {
    payload: { token: Schema.String },
    success: WhoView,
    error: Schema.Union([UnauthenticatedProblem, ForbiddenProblem, TooManySocketsProblem, UnavailableProblem])
  }),
  /**
   * Everything that concerns this person, as a session of the WebSocket interface gets it (`docs/protocol.md`): where
   * cursors or `others` are given, what follows each cursor and `resumed`; then what happens. It ends by an error alone,
   * also when it cannot be caught up, and then the session is over: follow again, from the positions that came.
   */
  Rpc.make("Follow", {
    payload: {
      conversations: Schema.optionalKey(Schema.Array(Cursor).check(Schema.isMaxLength(MAX_RESUMED))),
      others: Schema.optionalKey(Schema.Boolean)
    },
    success: ServerFrame,
    error: Schema.Union([
      UnauthenticatedProblem,
      TooManyFollowsProblem,
      TooManySocketsProblem,
      TooSlowProblem,
      RateLimitedProblem,
      OverloadedProblem,
      UnavailableProblem,
      InternalErrorProblem,
      DrainingProblem
    ]),
    stream: true
  }).middleware(PersonCalls)
).middleware(CallRules) {}

import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import {
  DrainingProblem,
  NotFollowingProblem,
  TooManyFollowsProblem,
  TooManyJoinedProblem,
  TooManySocketsProblem,
  TooSlowProblem
} from "../problem/CallProblems.ts"
import { ConversationNotFoundProblem } from "../problem/ConversationProblems.ts"
import { ForbiddenProblem, UnauthenticatedProblem } from "../problem/IdentityProblems.ts"
import { RateLimitedProblem } from "../problem/LimitProblems.ts"
import { InternalErrorProblem, OverloadedProblem, UnavailableProblem } from "../problem/ServiceProblems.ts"
import { MAX_RESUMED, ResumeCursor } from "../realtime/ClientFrame.ts"
import { Joined } from "../realtime/ServerFrame.ts"
import { FollowedFrame } from "../realtime/UnknownFrame.ts"
import { PersonCalls } from "./CallAuthorization.ts"
import { unsigned } from "./CallNumbers.ts"
import { CallRules } from "./CallRules.ts"
import { WhoView } from "./WhoView.ts"

const Cursor = ResumeCursor.check(Schema.makeFilter(({ pos }) => unsigned(pos)))

const named = { conversationId: ConversationId }

const typing = {
  payload: named,
  success: Schema.Null,
  error: Schema.Union([NotFollowingProblem, ConversationNotFoundProblem])
}

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
    success: FollowedFrame,
    error: Schema.Union([
      UnauthenticatedProblem,
      TooManyFollowsProblem,
      TooSlowProblem,
      RateLimitedProblem,
      OverloadedProblem,
      UnavailableProblem,
      InternalErrorProblem,
      DrainingProblem
    ]),
    stream: true
  }).middleware(PersonCalls),
  /** Opens a conversation on what is followed now, which from then on tells of the other one's coming, going, typing. */
  Rpc.make("JoinConversation", {
    payload: named,
    success: Joined,
    error: Schema.Union([
      NotFollowingProblem,
      ConversationNotFoundProblem,
      TooManyJoinedProblem,
      UnavailableProblem
    ])
  }).middleware(PersonCalls),
  /** Closes it there. Answers null. */
  Rpc.make("LeaveConversation", {
    payload: named,
    success: Schema.Null,
    error: NotFollowingProblem
  }).middleware(PersonCalls),
  /** Says in an open conversation that this person types; it counts for 3 s. Answers null. */
  Rpc.make("StartTyping", typing).middleware(PersonCalls),
  /** Or does not any more. Answers null. */
  Rpc.make("StopTyping", typing).middleware(PersonCalls)
).middleware(CallRules) {}

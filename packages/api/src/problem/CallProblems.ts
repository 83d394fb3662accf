import { HttpApiError } from "effect/http-api"
import { declare } from "./DeclareProblem.ts"

// What only calls and streams of the RPC interface may meet.

export class UnknownMethodProblem extends HttpApiError.Problem<UnknownMethodProblem>()(
  ...declare(
    "unknown_method",
    404,
    "There is no such method",
    "Check its name, and that it is one of the transport you call by: what is about a connection is there over WebSocket alone.",
    {}
  )
) {}

export class CallInFlightProblem extends HttpApiError.Problem<CallInFlightProblem>()(
  ...declare(
    "call_in_flight",
    409,
    "A call of this id is not answered yet",
    "Give each call on a connection an id of its own. The first goes on; this one was not begun, and its answer has no id, so that it is not taken for the first one's.",
    {}
  )
) {}

export class DrainingProblem extends HttpApiError.Problem<DrainingProblem>()(
  ...declare(
    "draining",
    503,
    "This node stops",
    "Nothing was begun. Connect again: another node answers, or this one soon.",
    {}
  )
) {}

export class TooManyFollowsProblem extends HttpApiError.Problem<TooManyFollowsProblem>()(
  ...declare(
    "too_many_follows",
    429,
    "This connection follows often enough",
    "One `Follow` brings all that concerns a person. End one before you begin another.",
    {}
  )
) {}

export class NotFollowingProblem extends HttpApiError.Problem<NotFollowingProblem>()(
  ...declare(
    "not_following",
    409,
    "This connection follows nothing",
    "Who is there and who types is told in a stream: `Follow` first, then open the conversation.",
    {}
  )
) {}

export class TooManyJoinedProblem extends HttpApiError.Problem<TooManyJoinedProblem>()(
  ...declare(
    "too_many_joined",
    429,
    "As many conversations are open as may be",
    "Leave one first. Messages come from all conversations, open or not.",
    {}
  )
) {}

export class TooManySocketsProblem extends HttpApiError.Problem<TooManySocketsProblem>()(
  ...declare(
    "too_many_sockets",
    429,
    "This person has as many connections as one may have",
    "Close one, or let devices of one person share one.",
    {}
  )
) {}

export class TooSlowProblem extends HttpApiError.Problem<TooSlowProblem>()(
  ...declare(
    "too_slow",
    408,
    "What was to be sent piled up unread",
    "Take what is streamed as it comes. Follow again, from the positions that you hold.",
    {}
  )
) {}

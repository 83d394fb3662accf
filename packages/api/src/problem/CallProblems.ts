import { HttpApiError } from "effect/http-api"
import { declare } from "./DeclareProblem.ts"

// What only calls and streams of the RPC interface may meet.

export class UnknownMethodProblem extends HttpApiError.Problem<UnknownMethodProblem>()(
  ...declare(
    "unknown_method",
    404,
    "There is no such method",
    "Check its name, and that it is one of the transport you call by: `Authenticate` and `Follow` are there over WebSocket alone.",
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

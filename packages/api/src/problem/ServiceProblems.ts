import { Schema } from "effect"
import { HttpApiError } from "effect/http-api"
import { declare } from "./DeclareProblem.ts"

export class InternalErrorProblem extends HttpApiError.Problem<InternalErrorProblem>()(
  ...declare(
    "internal_error",
    500,
    "Something went wrong here",
    "It is a defect of this service; report it with the correlation id. A write may or may not have been saved: repeat it with the same id.",
    {}
  )
) {}

export class BusyProblem extends HttpApiError.Problem<BusyProblem>()(
  ...declare(
    "busy",
    503,
    "The conversation is busy",
    "Nothing was saved. Try again after `Retry-After` seconds.",
    {}
  )
) {}

export class OverloadedProblem extends HttpApiError.Problem<OverloadedProblem>()(
  ...declare(
    "overloaded",
    503,
    "Too many requests are waiting",
    "Nothing was saved. Try again after `Retry-After` seconds, and less often.",
    {}
  )
) {}

export class OutcomeUnknownProblem extends HttpApiError.Problem<OutcomeUnknownProblem>()(
  ...declare(
    "outcome_unknown",
    503,
    "It is not known whether this was saved",
    "Repeat it as it was, with the same `clientMessageId`: you then learn which, and it is never saved twice.",
    {}
  )
) {}

export class UnavailableProblem extends HttpApiError.Problem<UnavailableProblem>()(
  ...declare(
    "unavailable",
    503,
    "A part of the service is unavailable",
    "Nothing was saved. Try again after `Retry-After` seconds.",
    {}
  )
) {}

export class NotYetFreshProblem extends HttpApiError.Problem<NotYetFreshProblem>()(
  ...declare(
    "not_yet_fresh",
    503,
    "This view has not caught up with your position yet",
    "Try again after `Retry-After` seconds, or without `Indelible-Position` to get what there is.",
    {}
  )
) {}

export class SearchTooSlowProblem extends HttpApiError.Problem<SearchTooSlowProblem>()(
  ...declare(
    "search_too_slow",
    503,
    "This search takes too long",
    "There is too much that begins like this. Search for a longer or rarer word, or in one conversation.",
    {}
  )
) {}

export class NotReadyProblem extends HttpApiError.Problem<NotReadyProblem>()(
  ...declare(
    "not_ready",
    503,
    "This node is not ready",
    "`parts` names what is missing. Send requests to another node.",
    { parts: Schema.Record(Schema.String, Schema.String) }
  )
) {}

/** What any read may meet. */
export const readProblems = [UnavailableProblem, NotYetFreshProblem] as const

/** What any write may meet; only `outcome_unknown` leaves open whether something was saved. */
export const writeProblems = [
  UnavailableProblem,
  BusyProblem,
  OverloadedProblem,
  OutcomeUnknownProblem
] as const

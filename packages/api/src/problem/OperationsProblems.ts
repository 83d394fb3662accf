import { HttpApiError } from "effect/http-api"
import { declare } from "./DeclareProblem.ts"

export class UnknownProjectionProblem extends HttpApiError.Problem<UnknownProjectionProblem>()(
  ...declare(
    "unknown_projection",
    404,
    "There is no such projection",
    "`GET /operations/projections` names those that there are.",
    {}
  )
) {}

export class BuildInProgressProblem extends HttpApiError.Problem<BuildInProgressProblem>()(
  ...declare(
    "build_in_progress",
    409,
    "Tables are being made for this projection already",
    "A projection has one rebuild, verification or roll-back at a time. Wait for it to end, or cancel it.",
    {}
  )
) {}

export class NothingToChangeProblem extends HttpApiError.Problem<NothingToChangeProblem>()(
  ...declare(
    "nothing_to_change",
    409,
    "Nothing is going on that this could be done to",
    "Only what is going on can be paused, throttled or cancelled, and only what is paused can be resumed. `detail` says how it stands.",
    {}
  )
) {}

export class NothingToRollBackToProblem extends HttpApiError.Problem<NothingToRollBackToProblem>()(
  ...declare(
    "nothing_to_roll_back_to",
    409,
    "There are no tables to go back to",
    "The tables that the last switch replaced are gone, or were made for a program of another version; `detail` says which.",
    {}
  )
) {}

export class NotParkedProblem extends HttpApiError.Problem<NotParkedProblem>()(
  ...declare(
    "not_parked",
    404,
    "This stream is not parked",
    "`GET /operations/projections/:name/parked` lists those that are.",
    {}
  )
) {}

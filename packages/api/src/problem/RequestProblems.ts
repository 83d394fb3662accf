import { Schema } from "effect"
import { HttpApiError } from "effect/http-api"
import { declare } from "./DeclareProblem.ts"

export class InvalidRequestProblem extends HttpApiError.Problem<InvalidRequestProblem>()(
  ...declare(
    "invalid_request",
    400,
    "The request is not valid",
    "`errors` names each part that is not as documented. Fields that are unknown or only for reading are errors too. Mend the request; repeating it will not help.",
    { errors: Schema.Array(HttpApiError.ProblemIssue) }
  )
) {}

export class MalformedBodyProblem extends HttpApiError.Problem<MalformedBodyProblem>()(
  ...declare(
    "malformed_body",
    400,
    "The body is not JSON",
    "It must be one JSON value in UTF-8, nested at most 32 deep.",
    {}
  )
) {}

export class InvalidCursorProblem extends HttpApiError.Problem<InvalidCursorProblem>()(
  ...declare(
    "invalid_cursor",
    400,
    "The cursor does not belong to this list",
    "A cursor is good for the person, list and filter that it was given out for. Begin again without one.",
    {}
  )
) {}

export class BodyTooLargeProblem extends HttpApiError.Problem<BodyTooLargeProblem>()(
  ...declare("body_too_large", 413, "The body is too large", "A body may have 65,536 bytes at most.", {})
) {}

export class UnsupportedMediaTypeProblem extends HttpApiError.Problem<UnsupportedMediaTypeProblem>()(
  ...declare(
    "unsupported_media_type",
    415,
    "The body must be JSON",
    "Send it with `Content-Type: application/json`.",
    {}
  )
) {}

export class RouteNotFoundProblem extends HttpApiError.Problem<RouteNotFoundProblem>()(
  ...declare("not_found", 404, "There is nothing at this path", "See `/openapi.json` for what there is.", {})
) {}

export class MethodNotAllowedProblem extends HttpApiError.Problem<MethodNotAllowedProblem>()(
  ...declare(
    "method_not_allowed",
    405,
    "This path does not take this method",
    "The `Allow` header of the answer names the methods that it takes.",
    {}
  )
) {}

export class NothingIsDeletedProblem extends HttpApiError.Problem<NothingIsDeletedProblem>()(
  ...declare(
    "nothing_is_deleted",
    405,
    "Nothing is ever deleted or replaced",
    "Conversations and messages are a record: there is no interface that deletes or changes one. A conversation can be archived with `PATCH /conversations/:id/archive`.",
    {}
  )
) {}

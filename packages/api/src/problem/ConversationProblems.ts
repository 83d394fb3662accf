import { Schema } from "effect"
import { HttpApiError } from "effect/http-api"
import { declare } from "./DeclareProblem.ts"

export class ApplicationRequiredProblem extends HttpApiError.Problem<ApplicationRequiredProblem>()(
  ...declare(
    "application_required",
    403,
    "A conversation needs an open application between its two people",
    "The application is unknown, withdrawn, between others, or with somebody who cannot take part; which of these is not told.",
    {}
  )
) {}

export class ConversationNotFoundProblem extends HttpApiError.Problem<ConversationNotFoundProblem>()(
  ...declare(
    "conversation_not_found",
    404,
    "There is no such conversation",
    "It does not exist, or is not yours: these are not told apart.",
    {}
  )
) {}

export class MessageNotFoundProblem extends HttpApiError.Problem<MessageNotFoundProblem>()(
  ...declare(
    "message_not_found",
    404,
    "There is no such message",
    "The conversation is yours, but has no message at this place.",
    {}
  )
) {}

export class KeyReusedProblem extends HttpApiError.Problem<KeyReusedProblem>()(
  ...declare(
    "key_reused",
    409,
    "This id was used for something else",
    "You sent a message with other content under the same `clientMessageId` in this conversation. The first stays as it is; use a new id for a new message.",
    {}
  )
) {}

export class ConversationMovedOnProblem extends HttpApiError.Problem<ConversationMovedOnProblem>()(
  ...declare(
    "conversation_moved_on",
    409,
    "The conversation moved on meanwhile",
    "A message or a change of status came after `basedOn`. Nothing was changed: look again, and ask again if you still want it.",
    {
      pos: Schema.Int.annotate({ description: "Position of the newest message or change of status." })
    }
  )
) {}

import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { placeOf } from "@indelible/domain/conversation/MessageId"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { messageAnswers } from "../answers/MessageAnswers.ts"
import * as Refusals from "../answers/Refusals.ts"
import { askedPosition, withPosition } from "./Positions.ts"

export const layer = HttpApiBuilder.group(
  IndelibleApi,
  "messages",
  Effect.fn(function* (handlers) {
    const answers = yield* messageAnswers

    return handlers.handleAll({
      send: Effect.fnUntraced(
        function* ({ params: { id }, payload: { clientMessageId, metadata = null, text } }) {
          const asked = { conversation: id, clientMessageId, text, metadata }
          const { repeat, ...message } = yield* answers.send(asked)
          return repeat
            ? withPosition({ repeat: true as const, ...message })
            : withPosition({ repeat: false as const, ...message })
        },
        Effect.catchTags(Refusals.invalidInput("payload"))
      ),
      history: Effect.fnUntraced(
        function* ({ headers, params: { id }, query }) {
          return yield* answers.history(id, query, yield* askedPosition(headers))
        },
        Effect.catchTags(Refusals.invalidInput("query"))
      ),
      read: ({ params: { id } }) => {
        const { conversation, pos } = placeOf(id)
        return Effect.map(answers.read(conversation, { message: pos }), withPosition)
      }
    })
  })
)

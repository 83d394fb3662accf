import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import * as Refusals from "../answers/Refusals.ts"
import { searchAnswers } from "../answers/SearchAnswers.ts"
import { askedPosition } from "./Positions.ts"

export const layer = HttpApiBuilder.group(
  IndelibleApi,
  "search",
  Effect.fn(function* (handlers) {
    const answers = yield* searchAnswers

    return handlers.handleAll({
      conversations: Effect.fnUntraced(
        function* ({ headers, query }) {
          return yield* answers.conversations(query, yield* askedPosition(headers))
        },
        Effect.catchTags(Refusals.invalidInput("query"))
      ),
      messages: Effect.fnUntraced(
        function* ({ headers, query }) {
          return yield* answers.messages(query, yield* askedPosition(headers))
        },
        Effect.catchTags(Refusals.invalidInput("query"))
      ),
      messagesOfOne: Effect.fnUntraced(
        function* ({ headers, params: { id }, query }) {
          return yield* answers.messagesOfOne(id, query, yield* askedPosition(headers))
        },
        Effect.catchTags(Refusals.invalidInput("query"))
      )
    })
  })
)

import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { Effect } from "effect"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import { conversationAnswers } from "../answers/ConversationAnswers.ts"
import { askedPosition, withPosition } from "./Positions.ts"

export const layer = HttpApiBuilder.group(
  IndelibleApi,
  "conversations",
  Effect.fn(function* (handlers) {
    const answers = yield* conversationAnswers

    return handlers.handleAll({
      start: Effect.fnUntraced(function* ({ payload: { applicationId } }) {
        const { created, ...started } = yield* answers.start(applicationId)
        return created
          ? withPosition({ created: true as const, ...started })
          : withPosition({ created: false as const, ...started })
      }),
      list: Effect.fnUntraced(function* ({ headers, query }) {
        const body = yield* answers.list(query, yield* askedPosition(headers))
        // How one stands with the limit is put on every answer, at the edge.
        return HttpApiSchema.withHeaders({ body, headers: {} })
      }),
      totalUnread: Effect.fnUntraced(function* ({ headers }) {
        return yield* answers.totalUnread(yield* askedPosition(headers))
      }),
      one: ({ params: { id } }) => answers.one(id),
      unread: ({ params: { id } }) => answers.unread(id),
      archive: ({ params: { id }, payload }) =>
        Effect.map(answers.archive(id, payload?.basedOn), withPosition),
      reopen: ({ params: { id }, payload }) => Effect.map(answers.reopen(id, payload?.basedOn), withPosition),
      readAll: ({ params: { id } }) => Effect.map(answers.readAll(id), withPosition)
    })
  })
)

import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { CurrentPerson } from "@indelible/api/identity/Authorization"
import { ConversationAccess } from "@indelible/application/conversation/ConversationAccess"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { ConversationSearch } from "@indelible/projections/search/ConversationSearch"
import { type MessagePage, MessageSearch, searchPageLimit } from "@indelible/projections/search/MessageSearch"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { names } from "./Names.ts"
import { askedPosition } from "./Positions.ts"
import * as Refusals from "./Refusals.ts"
import { otherOf, viewOfFound, viewOfHit } from "./SearchViews.ts"

export const layer = HttpApiBuilder.group(
  IndelibleApi,
  "search",
  Effect.fn(function* (handlers) {
    const access = yield* ConversationAccess
    const messages = yield* MessageSearch
    const conversations = yield* ConversationSearch
    const namesOf = yield* names

    const viewOfPage = Effect.fnUntraced(function* ({ hits, next }: MessagePage, subject: SubjectId) {
      const nameOf = yield* namesOf(hits.map((hit) => otherOf(hit, subject)))
      return { messages: hits.map((hit) => viewOfHit(hit, subject, nameOf)), next }
    })

    return handlers.handleAll({
      conversations: Effect.fnUntraced(
        function* ({ headers, query: { cursor, limit = searchPageLimit.usual, q: text } }) {
          const { subject } = yield* CurrentPerson
          const token = yield* askedPosition(headers)
          const { found, next } = yield* conversations.page({ subject, text, limit, cursor, token })
          const nameOf = yield* namesOf(found.map(({ entry }) => entry.other))
          return { conversations: found.map((one) => viewOfFound(one, subject, nameOf)), next }
        },
        Effect.catchTags({ ...Refusals.notSearched, ...Refusals.directoryUnavailable })
      ),

      messages: Effect.fnUntraced(
        function* ({ headers, query: { limit = searchPageLimit.usual, order = "newest", q: text, cursor } }) {
          const { subject } = yield* CurrentPerson
          const token = yield* askedPosition(headers)
          const page = yield* messages.page({ subject, text, order, limit, cursor, token })
          return yield* viewOfPage(page, subject)
        },
        Effect.catchTags({ ...Refusals.notSearched, ...Refusals.directoryUnavailable })
      ),

      messagesOfOne: Effect.fnUntraced(
        function* ({
          headers,
          params,
          query: { limit = searchPageLimit.usual, order = "newest", q, cursor }
        }) {
          const { subject } = yield* CurrentPerson
          const { conversation } = yield* access.open(subject, params.id)
          const token = yield* askedPosition(headers)
          const page = yield* messages.page({ subject, conversation, text: q, order, limit, cursor, token })
          return yield* viewOfPage(page, subject)
        },
        Effect.catchTags({
          ...Refusals.notSearched,
          ...Refusals.conversationNotFound,
          ...Refusals.logUnavailable,
          ...Refusals.directoryUnavailable
        })
      )
    })
  })
)

import { CurrentPerson } from "@indelible/api/identity/Authorization"
import { ConversationAccess } from "@indelible/application/conversation/ConversationAccess"
import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { ConversationSearch } from "@indelible/projections/search/ConversationSearch"
import {
  type MessagePage,
  MessageSearch,
  type SearchOrder,
  searchPageLimit
} from "@indelible/projections/search/MessageSearch"
import { Effect } from "effect"
import { names } from "./Names.ts"
import { others } from "./Others.ts"
import * as Refusals from "./Refusals.ts"
import { otherOf, viewOfFound, viewOfHit } from "./SearchViews.ts"

interface Search {
  readonly q: string
  readonly cursor?: string
  readonly limit?: number
}

interface MessagesSearch extends Search {
  readonly order?: SearchOrder
}

/** What a person may find, whatever interface they ask by. */
export const searchAnswers = Effect.gen(function* () {
  const access = yield* ConversationAccess
  const messages = yield* MessageSearch
  const conversations = yield* ConversationSearch
  const namesOf = yield* names
  const othersOf = yield* others

  const viewOfPage = Effect.fnUntraced(function* ({ hits, next }: MessagePage, subject: SubjectId) {
    const nameOf = yield* namesOf(hits.map((hit) => otherOf(hit, subject)))
    return { messages: hits.map((hit) => viewOfHit(hit, subject, nameOf)), next }
  })

  const asked = ({ cursor, limit = searchPageLimit.usual, order = "newest", q }: MessagesSearch) => ({
    text: q,
    order,
    limit,
    cursor
  })

  return {
    conversations: Effect.fnUntraced(
      function* ({ cursor, limit = searchPageLimit.usual, q }: Search, token: PositionToken | undefined) {
        const { subject } = yield* CurrentPerson
        const { found, next } = yield* conversations.page({ subject, text: q, limit, cursor, token })
        const otherIn = yield* othersOf(found.map(({ entry }) => entry.other))
        return { conversations: found.map((one) => viewOfFound(one, subject, otherIn)), next }
      },
      Effect.catchTags({ ...Refusals.notSearched, ...Refusals.directoryUnavailable })
    ),

    messages: Effect.fnUntraced(
      function* (search: MessagesSearch, token: PositionToken | undefined) {
        const { subject } = yield* CurrentPerson
        return yield* viewOfPage(yield* messages.page({ ...asked(search), subject, token }), subject)
      },
      Effect.catchTags({ ...Refusals.notSearched, ...Refusals.directoryUnavailable })
    ),

    messagesOfOne: Effect.fnUntraced(
      function* (id: ConversationId, search: MessagesSearch, token: PositionToken | undefined) {
        const { subject } = yield* CurrentPerson
        const { conversation } = yield* access.open(subject, id)
        const page = yield* messages.page({ ...asked(search), subject, conversation, token })
        return yield* viewOfPage(page, subject)
      },
      Effect.catchTags({
        ...Refusals.notSearched,
        ...Refusals.conversationNotFound,
        ...Refusals.logUnavailable,
        ...Refusals.directoryUnavailable
      })
    )
  }
})

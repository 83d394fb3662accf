import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { CurrentPerson } from "@indelible/api/identity/Authorization"
import { ConversationAccess } from "@indelible/application/conversation/ConversationAccess"
import { MarkRead } from "@indelible/application/conversation/MarkRead"
import { SendText } from "@indelible/application/conversation/SendText"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { type MessageId, placeOf } from "@indelible/domain/conversation/MessageId"
import { History, type HistoryPlace, historyPageLimit } from "@indelible/projections/history/History"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { changeOf } from "./ConversationViews.ts"
import { messageView } from "./MessageViews.ts"
import { names } from "./Names.ts"
import { origin } from "./Origin.ts"
import { askedPosition, positionText, withPosition } from "./Positions.ts"
import * as Refusals from "./Refusals.ts"

interface Places {
  readonly before?: number | MessageId
  readonly after?: number | MessageId
  readonly around?: number | MessageId
}

/** The one place that a query names, by position or by the id of a message in this very conversation. */
const placeIn = Effect.fnUntraced(function* (
  conversation: ConversationId,
  { after, around, before }: Places
) {
  const named = Object.entries({ before, after, around }).filter(([, place]) => place !== undefined)
  if (named.length > 1) {
    return yield* Refusals.invalid(["query"], "Expected at most one of before, after and around")
  }
  const pos = Effect.fnUntraced(function* (name: keyof Places, place: number | MessageId) {
    if (typeof place === "number") return place
    const named = placeOf(place)
    return named.conversation === conversation
      ? named.pos
      : yield* Refusals.invalid(["query", name], "Expected a message of this conversation")
  })
  if (before !== undefined)
    return { _tag: "Before", pos: yield* pos("before", before) } satisfies HistoryPlace
  if (after !== undefined) return { _tag: "After", pos: yield* pos("after", after) } satisfies HistoryPlace
  if (around !== undefined)
    return { _tag: "Around", pos: yield* pos("around", around) } satisfies HistoryPlace
  return { _tag: "Newest" } satisfies HistoryPlace
})

export const layer = HttpApiBuilder.group(
  IndelibleApi,
  "messages",
  Effect.fn(function* (handlers) {
    const send = yield* SendText
    const markRead = yield* MarkRead
    const access = yield* ConversationAccess
    const history = yield* History
    const namesOf = yield* names

    return handlers.handleAll({
      send: Effect.fnUntraced(
        function* ({ params: { id }, payload: { clientMessageId, metadata = null, text } }) {
          const { subject } = yield* CurrentPerson
          const from = yield* origin
          const sent = yield* Effect.uninterruptible(
            send({ by: subject, conversation: id, clientMessageId, text, metadata, origin: from })
          )
          const { messageId, pos, repeat, sentAt, seq, tag } = sent
          const token = positionText(sent.token)
          const message = { id: messageId, conversationId: id, clientMessageId, pos, tag, seq, sentAt, token }
          return repeat
            ? withPosition({ repeat: true as const, ...message })
            : withPosition({ repeat: false as const, ...message })
        },
        Effect.catchTags({
          ...Refusals.conversationNotFound,
          ...Refusals.keyReused,
          ...Refusals.invalidMessage,
          ...Refusals.notSaved
        })
      ),

      history: Effect.fnUntraced(
        function* ({ headers, params: { id }, query: { limit = historyPageLimit.usual, ...places } }) {
          const { subject } = yield* CurrentPerson
          yield* access.open(subject, id)
          const place = yield* placeIn(id, places)
          const token = yield* askedPosition(headers)
          const page = yield* history.page(id, place, limit, token)
          const senders = page.messages.flatMap((message) =>
            message.kind === "TEXT" ? [message.sender] : []
          )
          const nameOf = yield* namesOf(senders)
          return {
            messages: page.messages.map((message) => messageView(id, message, subject, nameOf)),
            hasEarlier: page.hasEarlier,
            hasLater: page.hasLater,
            reflects: page.reflects
          }
        },
        Effect.catchTags({
          ...Refusals.conversationNotFound,
          ...Refusals.logUnavailable,
          ...Refusals.notRead,
          ...Refusals.directoryUnavailable
        })
      ),

      read: Effect.fnUntraced(
        function* ({ params: { id } }) {
          const { subject } = yield* CurrentPerson
          const { conversation, pos } = placeOf(id)
          const request = { by: subject, conversation, commandId: null, origin: yield* origin }
          const answer = yield* Effect.uninterruptible(markRead({ ...request, upTo: { message: pos } }))
          return withPosition(changeOf(answer))
        },
        Effect.catchTags({
          ...Refusals.conversationNotFound,
          ...Refusals.messageNotFound,
          ...Refusals.notSaved,
          ...Refusals.neverReused
        })
      )
    })
  })
)

import { CurrentPerson } from "@indelible/api/identity/Authorization"
import { ConversationAccess } from "@indelible/application/conversation/ConversationAccess"
import { MarkDelivered } from "@indelible/application/conversation/MarkDelivered"
import type { MarkedPlace } from "@indelible/application/conversation/MarkPlaces"
import { MarkRead } from "@indelible/application/conversation/MarkRead"
import { SendText, type SendTextRequest } from "@indelible/application/conversation/SendText"
import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { type MessageId, placeOf } from "@indelible/domain/conversation/MessageId"
import { History, type HistoryPlace, historyPageLimit } from "@indelible/projections/history/History"
import { Effect } from "effect"
import { changeOf } from "./ConversationViews.ts"
import { InvalidInput } from "./InvalidInput.ts"
import { messageView } from "./MessageViews.ts"
import { names } from "./Names.ts"
import { origin } from "./Origin.ts"
import { positionText } from "./Positions.ts"
import * as Refusals from "./Refusals.ts"

interface Places {
  readonly before?: number | MessageId
  readonly after?: number | MessageId
  readonly around?: number | MessageId
}

interface HistoryAsked extends Places {
  readonly limit?: number
}

/** The one place that is named, by position or by the id of a message in this very conversation. */
const placeIn = Effect.fnUntraced(function* (
  conversation: ConversationId,
  { after, around, before }: Places
) {
  const named = Object.entries({ before, after, around }).filter(([, place]) => place !== undefined)
  if (named.length > 1) {
    return yield* new InvalidInput({
      path: [],
      problem: "Expected at most one of before, after and around"
    })
  }
  const pos = Effect.fnUntraced(function* (name: keyof Places, place: number | MessageId) {
    if (typeof place === "number") return place
    const named = placeOf(place)
    return named.conversation === conversation
      ? named.pos
      : yield* new InvalidInput({ path: [name], problem: "Expected a message of this conversation" })
  })
  if (before !== undefined)
    return { _tag: "Before", pos: yield* pos("before", before) } satisfies HistoryPlace
  if (after !== undefined) return { _tag: "After", pos: yield* pos("after", after) } satisfies HistoryPlace
  if (around !== undefined)
    return { _tag: "Around", pos: yield* pos("around", around) } satisfies HistoryPlace
  return { _tag: "Newest" } satisfies HistoryPlace
})

const markRefusals = {
  ...Refusals.conversationNotFound,
  ...Refusals.messageNotFound,
  ...Refusals.notSaved,
  ...Refusals.neverReused
}

/** What a person may do with messages, whatever interface they ask by. */
export const messageAnswers = Effect.gen(function* () {
  const send = yield* SendText
  const markRead = yield* MarkRead
  const markDelivered = yield* MarkDelivered
  const access = yield* ConversationAccess
  const history = yield* History
  const namesOf = yield* names

  const marking = Effect.fnUntraced(function* (conversation: ConversationId) {
    const { subject } = yield* CurrentPerson
    return { by: subject, conversation, commandId: null, origin: yield* origin }
  })

  return {
    send: Effect.fnUntraced(
      function* (asked: Pick<SendTextRequest, "conversation" | "clientMessageId" | "text" | "metadata">) {
        const { subject } = yield* CurrentPerson
        const from = yield* origin
        const sent = yield* Effect.uninterruptible(send({ ...asked, by: subject, origin: from }))
        const { messageId, pos, repeat, sentAt, seq, tag, token } = sent
        const { clientMessageId, conversation } = asked
        return {
          repeat,
          id: messageId,
          conversationId: conversation,
          clientMessageId,
          pos,
          tag,
          seq,
          sentAt,
          token: positionText(token)
        }
      },
      Effect.catchTags({
        ...Refusals.conversationNotFound,
        ...Refusals.keyReused,
        ...Refusals.invalidMessage,
        ...Refusals.rateLimited,
        ...Refusals.notSaved
      })
    ),

    history: Effect.fnUntraced(
      function* (conversation: ConversationId, asked: HistoryAsked, token: PositionToken | undefined) {
        const { limit = historyPageLimit.usual } = asked
        const { subject } = yield* CurrentPerson
        yield* access.open(subject, conversation)
        const place = yield* placeIn(conversation, asked)
        const page = yield* history.page(conversation, place, limit, token)
        const senders = page.messages.flatMap((message) => (message.kind === "TEXT" ? [message.sender] : []))
        const nameOf = yield* namesOf(senders)
        return {
          messages: page.messages.map((message) => messageView(conversation, message, subject, nameOf)),
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

    /** Reads everything up to a place. */
    read: Effect.fnUntraced(function* (conversation: ConversationId, upTo: MarkedPlace) {
      return changeOf(yield* Effect.uninterruptible(markRead({ ...(yield* marking(conversation)), upTo })))
    }, Effect.catchTags(markRefusals)),

    /** Says that a device of this person has everything up to a place. */
    delivered: Effect.fnUntraced(function* (conversation: ConversationId, upTo: MarkedPlace) {
      return changeOf(
        yield* Effect.uninterruptible(markDelivered({ ...(yield* marking(conversation)), upTo }))
      )
    }, Effect.catchTags(markRefusals))
  }
})

import { MessageCalls } from "@indelible/api/rpc/MessageCalls"
import type { MarkedPlace } from "@indelible/application/conversation/MarkPlaces"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { type MessageId, placeOf } from "@indelible/domain/conversation/MessageId"
import { Effect } from "effect"
import { messageAnswers } from "../../answers/MessageAnswers.ts"
import { invalid, invalidInput } from "../../answers/Refusals.ts"
import { askedPosition } from "../AskedPosition.ts"

const markedIn = Effect.fnUntraced(function* (
  conversation: ConversationId,
  upTo: "all" | number | MessageId
) {
  if (upTo === "all") return "all" satisfies MarkedPlace
  if (typeof upTo === "number") return { pos: upTo } satisfies MarkedPlace
  const place = placeOf(upTo)
  return place.conversation === conversation
    ? ({ message: place.pos } satisfies MarkedPlace)
    : yield* invalid(["upTo"], "Expected a message of this conversation")
})

export const layer = MessageCalls.toLayer(
  Effect.map(messageAnswers, (answers) =>
    MessageCalls.of({
      SendMessage: ({ conversationId, metadata = null, ...content }) =>
        answers
          .send({ ...content, conversation: conversationId, metadata })
          .pipe(Effect.catchTags(invalidInput())),
      ListMessages: ({ conversationId, position, ...asked }) =>
        askedPosition(position).pipe(
          Effect.flatMap((token) => answers.history(conversationId, asked, token)),
          Effect.catchTags(invalidInput())
        ),
      MarkRead: ({ conversationId, upTo }) =>
        Effect.flatMap(markedIn(conversationId, upTo), (place) => answers.read(conversationId, place)),
      MarkDelivered: ({ conversationId, upTo }) =>
        Effect.flatMap(markedIn(conversationId, upTo), (place) => answers.delivered(conversationId, place))
    })
  )
)

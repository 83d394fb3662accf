import { ConversationNotFound } from "@indelible/domain/conversation/ConversationRefusal"
import { markDelivered } from "@indelible/domain/conversation/MarkDelivered"
import { Context, Effect, Layer } from "effect"
import { type ConversationRequest, conversationCommands } from "./ConversationCommands.ts"
import { type MarkedPlace, markPlaces } from "./MarkPlaces.ts"

export interface MarkDeliveredRequest extends ConversationRequest {
  readonly upTo: MarkedPlace
}

/** Says that a device of this person has a message and all before it; what was read was delivered. */
export class MarkDelivered extends Context.Service<MarkDelivered>()(
  "@indelible/application/conversation/MarkDelivered",
  {
    make: Effect.gen(function* () {
      const placeOf = yield* markPlaces
      const execute = yield* conversationCommands
      return Effect.fnUntraced(function* (request: MarkDeliveredRequest) {
        const { by, conversation } = request
        const upTo = yield* placeOf(by, conversation, request.upTo)
        return yield* execute(markDelivered, request, { by, upTo }).pipe(
          Effect.catchTag("NotParticipant", () => new ConversationNotFound()),
          // The place was read from the log, so it is not beyond the log's head: anything else is damage.
          Effect.catchTag("MarkBeyondHead", Effect.die)
        )
      })
    })
  }
) {
  static readonly layer = Layer.effect(this, this.make)
}

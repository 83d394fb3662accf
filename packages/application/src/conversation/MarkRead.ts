import { ConversationNotFound } from "@indelible/domain/conversation/ConversationRefusal"
import { markRead } from "@indelible/domain/conversation/MarkRead"
import { Context, Effect, Layer } from "effect"
import { type ConversationRequest, conversationCommands } from "./ConversationCommands.ts"
import { type MarkedPlace, markPlaces } from "./MarkPlaces.ts"

export interface MarkReadRequest extends ConversationRequest {
  readonly upTo: MarkedPlace
}

/** Reads a message and all before it, and so receives them; reading what was read changes nothing. */
export class MarkRead extends Context.Service<MarkRead>()("@indelible/application/conversation/MarkRead", {
  make: Effect.gen(function* () {
    const placeOf = yield* markPlaces
    const execute = yield* conversationCommands
    return Effect.fnUntraced(function* (request: MarkReadRequest) {
      const { by, conversation } = request
      const upTo = yield* placeOf(by, conversation, request.upTo)
      return yield* execute(markRead, request, { by, upTo }).pipe(
        Effect.catchTag("NotParticipant", () => new ConversationNotFound()),
        // The place was read from the log, so it is not beyond the log's head: anything else is damage.
        Effect.catchTag("MarkBeyondHead", Effect.die)
      )
    })
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}

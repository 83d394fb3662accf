import { ConversationNotFound } from "@indelible/domain/conversation/ConversationRefusal"
import { reopen } from "@indelible/domain/conversation/Reopen"
import { Context, Effect, Layer } from "effect"
import { type ConversationRequest, conversationCommands } from "./ConversationCommands.ts"

export interface ReopenRequest extends ConversationRequest {
  /** The position up to which they had seen the conversation, so that a late request undoes nothing; null: now. */
  readonly basedOn: number | null
}

/** Puts an archived conversation back on both people's active lists, whoever archived it. */
export class ReopenConversation extends Context.Service<ReopenConversation>()(
  "@indelible/application/conversation/ReopenConversation",
  {
    make: Effect.gen(function* () {
      const execute = yield* conversationCommands
      return Effect.fn("ReopenConversation")(function* (request: ReopenRequest) {
        const { basedOn, by } = request
        return yield* execute(reopen, request, { by, basedOn }).pipe(
          Effect.catchTag("NotParticipant", () => new ConversationNotFound())
        )
      })
    })
  }
) {
  static readonly layer = Layer.effect(this, this.make)
}

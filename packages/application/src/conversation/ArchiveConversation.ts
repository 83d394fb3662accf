import { archive } from "@indelible/domain/conversation/Archive"
import { ConversationNotFound } from "@indelible/domain/conversation/ConversationRefusal"
import { Context, Effect, Layer } from "effect"
import { type ConversationRequest, conversationCommands } from "./ConversationCommands.ts"

export interface ArchiveRequest extends ConversationRequest {
  /** The position up to which they had seen the conversation, so that a late request undoes nothing; null: now. */
  readonly basedOn: number | null
}

/** Takes a conversation off both people's active lists; it stays readable, and the next message re-opens it. */
export class ArchiveConversation extends Context.Service<ArchiveConversation>()(
  "@indelible/application/conversation/ArchiveConversation",
  {
    make: Effect.gen(function* () {
      const execute = yield* conversationCommands
      return Effect.fn("ArchiveConversation")(function* (request: ArchiveRequest) {
        const { basedOn, by } = request
        return yield* execute(archive, request, { by, basedOn }).pipe(
          Effect.catchTag("NotParticipant", () => new ConversationNotFound())
        )
      })
    })
  }
) {
  static readonly layer = Layer.effect(this, this.make)
}

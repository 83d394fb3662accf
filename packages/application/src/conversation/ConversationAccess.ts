import { conversation, type StartedConversation, sideOf } from "@indelible/domain/conversation/Conversation"
import type { Side } from "@indelible/domain/conversation/ConversationEvent"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { ConversationNotFound } from "@indelible/domain/conversation/ConversationRefusal"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Effect, Layer } from "effect"
import type { StreamHead } from "../store/EventLog.ts"
import { EventStore } from "../store/EventStore.ts"
import { streamOf } from "./ConversationCommands.ts"

/** A conversation as it stands now, for one of its two people. */
export interface OpenedConversation {
  readonly conversation: ConversationId
  readonly side: Side
  readonly head: StreamHead<StartedConversation>
}

/**
 * Says who may see a conversation: its two people. It asks the log itself, never a read model, so a conversation that was
 * started a moment ago is there. What is another's and what does not exist cannot be told apart.
 */
export class ConversationAccess extends Context.Service<ConversationAccess>()(
  "@indelible/application/conversation/ConversationAccess",
  {
    make: Effect.gen(function* () {
      const store = yield* EventStore

      /** Those of `ids` that are this person's, each once, by one query. */
      const openAll = Effect.fn("ConversationAccess.openAll")(function* (
        by: SubjectId,
        ids: ReadonlyArray<ConversationId>
      ) {
        const asked = new Map(ids.map((id) => [streamOf(id), id]))
        const heads = asked.size === 0 ? [] : yield* store.heads(conversation, [...asked.keys()])
        return heads.flatMap(({ state, ...head }): ReadonlyArray<OpenedConversation> => {
          const id = asked.get(head.streamId)
          const side = state === null ? null : sideOf(state, by)
          return state === null || side === null || id === undefined
            ? []
            : [{ conversation: id, side, head: { ...head, state } }]
        })
      })

      const open = Effect.fn("ConversationAccess.open")(function* (by: SubjectId, id: ConversationId) {
        const [opened] = yield* openAll(by, [id])
        return opened ?? (yield* new ConversationNotFound())
      })

      return { open, openAll }
    })
  }
) {
  static readonly layer = Layer.effect(this, this.make)
}

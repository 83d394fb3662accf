import { conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { ConversationNotFound } from "@indelible/domain/conversation/ConversationRefusal"
import type { MarkPlace } from "@indelible/domain/conversation/MarkPlace"
import { isMessage } from "@indelible/domain/conversation/MessageEvent"
import { readEvent } from "@indelible/domain/event/EventCatalogue"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Result, Schema } from "effect"
import { EventStore } from "../store/EventStore.ts"
import { Unavailable } from "../store/EventStoreError.ts"
import { ConversationAccess } from "./ConversationAccess.ts"
import { streamOf } from "./ConversationCommands.ts"

/** Nothing is at this position of the conversation, or what is there is no message. */
export class MessageNotFound extends Schema.TaggedError<MessageNotFound>()("MessageNotFound", {
  pos: Schema.Number
}) {
  override get message() {
    return `no message is at position ${this.pos} of this conversation`
  }
}

/**
 * How far a person marks: everything; the message at a position, as a message id names it; or whatever is at a position,
 * as a client that has everything up to there says it.
 */
export type MarkedPlace = "all" | { readonly message: number } | { readonly pos: number }

/**
 * Finds the counts at a place before a mark is decided, which the small state no longer knows. They are read from the
 * event there, and an event never changes, so any moment will do.
 */
export const markPlaces = Effect.gen(function* () {
  const store = yield* EventStore
  const access = yield* ConversationAccess

  return Effect.fnUntraced(function* (by: SubjectId, conversation: ConversationId, place: MarkedPlace) {
    if (place === "all") return "head" satisfies MarkPlace
    const pos = "message" in place ? place.message : place.pos
    const [found] =
      Number.isSafeInteger(pos) && pos >= 1 ? yield* store.readStream(streamOf(conversation), pos - 1, 1) : []
    if (found === undefined) {
      yield* access.open(by, conversation)
      return yield* new MessageNotFound({ pos })
    }
    const { facts, participants, schemaVersion, type } = found.header
    if (!participants.includes(by)) return yield* new ConversationNotFound()
    if ("message" in place && !isMessage(type)) return yield* new MessageNotFound({ pos })
    const event = yield* Result.match(readEvent(conversationEvents, type, schemaVersion, facts, null), {
      onFailure: (cause) =>
        cause.reason === "unknown"
          ? Effect.fail(new Unavailable({ reason: "newer-program-wrote", cause }))
          : Effect.die(cause),
      onSuccess: Effect.succeed
    })
    const { seq, sent } = event.facts.tally
    return { seq, sent } satisfies MarkPlace
  })
})

import { type Conversation, conversation } from "@indelible/domain/conversation/Conversation"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { Decider } from "@indelible/domain/event/Decider"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { LiveDelivery } from "../live/LiveDelivery.ts"
import { EventStore } from "../store/EventStore.ts"
import { type StreamId, streamId } from "../store/StreamId.ts"
import { type CommandAnswer, commandAnswer } from "./CommandAnswer.ts"
import type { CommandOrigin } from "./CommandOrigin.ts"

export const streamOf = (id: ConversationId): StreamId => streamId(conversation.category, id)

/** What every command on a conversation comes with, besides what it asks. */
export interface ConversationRequest {
  readonly by: SubjectId
  readonly conversation: ConversationId
  /** The client's own name for the command, a UUID; null when it gave none. */
  readonly commandId: string | null
  readonly origin: CommandOrigin
}

/**
 * The one way by which use cases change a conversation: recorded first, then told to the devices. A repeat is not told
 * again: devices got it when it was recorded, or get it from the log.
 */
export const conversationCommands = Effect.gen(function* () {
  const store = yield* EventStore
  const live = yield* LiveDelivery
  const random = yield* SecureRandom
  return Effect.fnUntraced(function* <Command, Refusal>(
    decider: Decider<Conversation, Command, ConversationEvent, Refusal>,
    { by, commandId, conversation: id, origin }: ConversationRequest,
    command: Command
  ) {
    const stream = streamOf(id)
    const executed = yield* store.execute(decider, stream, command, {
      ...origin,
      actor: by,
      commandId: commandId ?? (yield* random.uuidV4())
    })
    const [first] = executed.events
    if (first !== undefined && !executed.repeat) {
      yield* live.publish(stream, first.stored.header.participants, executed.events)
    }
    return commandAnswer(executed) satisfies CommandAnswer
  })
})

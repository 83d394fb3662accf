import { createHash, randomUUID } from "node:crypto"
import { type CommandMeta, EventStore } from "@indelible/application/store/EventStore"
import { streamId } from "@indelible/application/store/StreamId"
import { archive } from "@indelible/domain/conversation/Archive"
import { type Conversation, conversation } from "@indelible/domain/conversation/Conversation"
import type {
  ConversationEvent,
  Mark,
  Metadata,
  Side
} from "@indelible/domain/conversation/ConversationEvent"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { markDelivered } from "@indelible/domain/conversation/MarkDelivered"
import { markRead } from "@indelible/domain/conversation/MarkRead"
import { reopen } from "@indelible/domain/conversation/Reopen"
import { sendText } from "@indelible/domain/conversation/SendText"
import { startConversation } from "@indelible/domain/conversation/StartConversation"
import type { Decider } from "@indelible/domain/event/Decider"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Result } from "effect"

/** Nothing archives by itself yet: this stands for the job that will. */
const autoArchive: Decider<Conversation, null, ConversationEvent, never> = {
  aggregate: conversation,
  decide: (state) =>
    Result.succeed(
      state === null || state.tally.status !== "ACTIVE"
        ? []
        : [
            {
              type: "ConversationArchived",
              facts: {
                by: "system",
                cause: "inactivity",
                tally: { ...state.tally, status: "AUTO_ARCHIVED" }
              },
              body: null
            }
          ]
    ),
  repeats: () => true
}

const uuid = (name: string) => {
  const hex = createHash("sha256").update(name).digest("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The same name is the same person. */
export const person = (name: string) => SubjectId.make(uuid(`person ${name}`))

export interface Pair {
  readonly id: ConversationId
  readonly business: SubjectId
  readonly worker: SubjectId
}

/** The same name is the same conversation. */
export const pair = (name: string, business: SubjectId, worker: SubjectId): Pair => ({
  id: ConversationId.make(uuid(`conversation ${name}`)),
  business,
  worker
})

const meta = (actor: CommandMeta["actor"], commandId: string): CommandMeta => ({
  actor,
  commandId,
  correlationId: "test",
  causationId: null,
  client: "test"
})

const execute = Effect.fnUntraced(function* <Command, Refusal>(
  decider: Decider<Conversation, Command, ConversationEvent, Refusal>,
  { id }: Pair,
  actor: CommandMeta["actor"],
  command: Command,
  commandId: string = randomUUID()
) {
  const store = yield* EventStore
  return yield* store.execute(decider, streamId("conversation", id), command, meta(actor, commandId))
})

// What happens in a conversation, told shortly.

export const start = (pair: Pair) =>
  execute(startConversation, pair, pair.business, {
    business: pair.business,
    worker: pair.worker,
    applicationId: `application of ${pair.id}`
  })
export const say = (
  pair: Pair,
  side: Side,
  text: string,
  options?: { readonly metadata?: Metadata | undefined; readonly clientMessageId?: string }
) =>
  execute(
    sendText,
    pair,
    pair[side],
    { by: pair[side], text, metadata: options?.metadata ?? null },
    options?.clientMessageId
  )
export const receive = (pair: Pair, side: Side, upTo: Mark | "head" = "head") =>
  execute(markDelivered, pair, pair[side], { by: pair[side], upTo })
export const read = (pair: Pair, side: Side, upTo: Mark | "head" = "head") =>
  execute(markRead, pair, pair[side], { by: pair[side], upTo })
export const putAway = (pair: Pair, side: Side) =>
  execute(archive, pair, pair[side], { by: pair[side], basedOn: null })
export const putAwayByItself = (pair: Pair) => execute(autoArchive, pair, "system", null)
export const takeOut = (pair: Pair, side: Side) =>
  execute(reopen, pair, pair[side], { by: pair[side], basedOn: null })

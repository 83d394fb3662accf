import { EventStore } from "@indelible/application/store/EventStore"
import { streamId } from "@indelible/application/store/StreamId"
import { type Conversation, conversation } from "@indelible/domain/conversation/Conversation"
import { type Side, Side as SideSchema, Tally } from "@indelible/domain/conversation/ConversationEvent"
import type { Aggregate } from "@indelible/domain/event/Aggregate"
import type { Decider } from "@indelible/domain/event/Decider"
import { defineEvent, type EventOf } from "@indelible/domain/event/EventDefinition"
import { Effect, Result, Schema } from "effect"
import { meta } from "../Notebook.ts"
import type { Pair } from "./Talk.ts"

/** Version 1 of it as it was declared, and on its own: what today's code says of version 1 is what is to be shown. */
const ConversationArchived = defineEvent("ConversationArchived", {
  facts: Schema.Struct({ by: Schema.Union([SideSchema, Schema.Literal("system")]), tally: Tally }),
  body: Schema.Null
})
type ConversationArchived = EventOf<typeof ConversationArchived>

/** As much of the conversation as the program had that wrote version 1. */
const olderConversation: Aggregate<Conversation, ConversationArchived> = {
  ...conversation,
  events: { ConversationArchived },
  evolve: (state, { facts, pos }) =>
    state === null ? null : { ...state, tally: facts.tally, statusPos: pos }
}

const olderArchive: Decider<Conversation, { readonly by: Side | "system" }, ConversationArchived, never> = {
  aggregate: olderConversation,
  decide: (state, { by }) =>
    Result.succeed(
      state === null
        ? []
        : [
            {
              type: "ConversationArchived",
              facts: {
                by,
                tally: { ...state.tally, status: by === "system" ? "AUTO_ARCHIVED" : "ARCHIVED" }
              },
              body: null
            }
          ]
    ),
  repeats: () => true
}

/** Archives as the program did that wrote version 1: a node of it may run beside today's. */
export const putAwayInVersion1 = Effect.fn("putAwayInVersion1")(function* (pair: Pair, by: Side | "system") {
  const store = yield* EventStore
  const actor = by === "system" ? "system" : pair[by]
  return yield* store.execute(
    olderArchive,
    streamId(conversation.category, pair.id),
    { by },
    { ...meta(), actor }
  )
})

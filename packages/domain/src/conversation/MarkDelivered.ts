import { Result } from "effect"
import type { Decider } from "../event/Decider.ts"
import type { SubjectId } from "../subject/SubjectId.ts"
import { type Conversation, conversation } from "./Conversation.ts"
import type { ConversationEvent } from "./ConversationEvent.ts"
import type { ConversationNotFound, MarkBeyondHead, NotParticipant } from "./ConversationRefusal.ts"
import { type MarkPlace, markAt, samePlace } from "./MarkPlace.ts"
import { standingOf } from "./Standing.ts"

export interface MarkDelivered {
  readonly by: SubjectId
  readonly upTo: MarkPlace
}

/** A device of theirs has a message and all before it. What was read was delivered. */
export const markDelivered: Decider<
  Conversation,
  MarkDelivered,
  ConversationEvent,
  ConversationNotFound | NotParticipant | MarkBeyondHead
> = {
  aggregate: conversation,
  decide: (conversationState, command) =>
    Result.gen(function* () {
      const { own, state } = yield* standingOf(conversationState, command.by)
      const upTo = yield* markAt(state, command.upTo)
      if (upTo.seq <= state.marks[own].delivered.seq) return []
      return [
        {
          type: "MessagesDelivered",
          facts: { side: own, upTo, tally: state.tally },
          body: null
        }
      ]
    }),
  repeats: ({ upTo }, [stored]) => stored?.type === "MessagesDelivered" && samePlace(stored.facts.upTo, upTo)
}

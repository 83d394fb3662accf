import { Result } from "effect"
import type { Decider } from "../event/Decider.ts"
import type { SubjectId } from "../subject/SubjectId.ts"
import { type Conversation, conversation } from "./Conversation.ts"
import type { ConversationEvent } from "./ConversationEvent.ts"
import type { ConversationNotFound, MarkBeyondHead, NotParticipant } from "./ConversationRefusal.ts"
import { type MarkPlace, markAt, samePlace } from "./MarkPlace.ts"
import { standingOf } from "./Standing.ts"

export interface MarkRead {
  readonly by: SubjectId
  readonly upTo: MarkPlace
}

/** Reads a message and all before it, and so receives them. A mark never goes back. */
export const markRead: Decider<
  Conversation,
  MarkRead,
  ConversationEvent,
  ConversationNotFound | NotParticipant | MarkBeyondHead
> = {
  aggregate: conversation,
  decide: (conversationState, command) =>
    Result.gen(function* () {
      const { other, own, state } = yield* standingOf(conversationState, command.by)
      const upTo = yield* markAt(state, command.upTo)
      if (upTo.seq <= state.marks[own].read.seq) return []
      const unread = { ...state.tally.unread, [own]: state.tally.sent[other] - upTo.sent[other] }
      return [
        {
          type: "MessagesRead",
          facts: { side: own, upTo, tally: { ...state.tally, unread } },
          body: null
        }
      ]
    }),
  repeats: ({ upTo }, [stored]) => stored?.type === "MessagesRead" && samePlace(stored.facts.upTo, upTo)
}

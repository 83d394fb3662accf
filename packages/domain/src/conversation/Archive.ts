import { Result } from "effect"
import type { Decider } from "../event/Decider.ts"
import type { SubjectId } from "../subject/SubjectId.ts"
import { type Conversation, conversation } from "./Conversation.ts"
import type { ConversationEvent } from "./ConversationEvent.ts"
import { ConversationMovedOn, type ConversationNotFound, type NotParticipant } from "./ConversationRefusal.ts"
import { standingOf } from "./Standing.ts"

export interface Archive {
  readonly by: SubjectId
  /** The position up to which they had seen the conversation; null: as it is now. */
  readonly basedOn: number | null
}

/** Archives for both sides, unless a message or another change of status came after what they had seen. */
export const archive: Decider<
  Conversation,
  Archive,
  ConversationEvent,
  ConversationNotFound | NotParticipant | ConversationMovedOn
> = {
  aggregate: conversation,
  decide: (conversationState, { basedOn, by }) =>
    Result.gen(function* () {
      const { own, state } = yield* standingOf(conversationState, by)
      if (state.tally.status !== "ACTIVE") return []
      const moved = Math.max(state.lastMessagePos, state.statusPos)
      if (basedOn !== null && moved > basedOn) {
        return yield* Result.fail(new ConversationMovedOn({ pos: moved }))
      }
      return [
        {
          type: "ConversationArchived",
          facts: { by: own, cause: "request", tally: { ...state.tally, status: "ARCHIVED" } },
          body: null
        }
      ]
    }),
  // Whose it is lies in the command's key.
  repeats: (_command, [stored]) => stored?.type === "ConversationArchived" && stored.facts.cause === "request"
}

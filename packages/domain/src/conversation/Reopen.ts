import { Result } from "effect"
import type { Decider } from "../event/Decider.ts"
import type { SubjectId } from "../subject/SubjectId.ts"
import { type Conversation, conversation } from "./Conversation.ts"
import type { ConversationEvent, ConversationReopened } from "./ConversationEvent.ts"
import { ConversationMovedOn, type ConversationNotFound, type NotParticipant } from "./ConversationRefusal.ts"
import { type Standing, standingOf } from "./Standing.ts"

export interface Reopen {
  readonly by: SubjectId
  /** The position up to which they had seen the conversation; null: as it is now. */
  readonly basedOn: number | null
}

export const reopened = (
  { own, state }: Standing,
  cause: ConversationReopened["facts"]["cause"]
): ConversationReopened => ({
  type: "ConversationReopened",
  facts: { by: own, cause, tally: { ...state.tally, status: "ACTIVE" } },
  body: null
})

/** Opens an archived conversation, whoever archived it, unless it was archived after what they had seen. */
export const reopen: Decider<
  Conversation,
  Reopen,
  ConversationEvent,
  ConversationNotFound | NotParticipant | ConversationMovedOn
> = {
  aggregate: conversation,
  decide: (conversationState, { basedOn, by }) =>
    Result.gen(function* () {
      const standing = yield* standingOf(conversationState, by)
      const { statusPos, tally } = standing.state
      if (tally.status === "ACTIVE") return []
      if (basedOn !== null && statusPos > basedOn) {
        return yield* Result.fail(new ConversationMovedOn({ pos: statusPos }))
      }
      return [reopened(standing, "request")]
    }),
  // Whose it is lies in the command's key.
  repeats: (_command, [stored]) => stored?.type === "ConversationReopened" && stored.facts.cause === "request"
}

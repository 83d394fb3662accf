import { Result } from "effect"
import type { SubjectId } from "../subject/SubjectId.ts"
import { type Conversation, otherSide, type StartedConversation, sideOf } from "./Conversation.ts"
import type { Side } from "./ConversationEvent.ts"
import { ConversationNotFound, NotParticipant } from "./ConversationRefusal.ts"

/** A conversation as one of its two people stands in it. */
export interface Standing {
  readonly state: StartedConversation
  readonly own: Side
  readonly other: Side
}

export const standingOf = (
  state: Conversation,
  subject: SubjectId
): Result.Result<Standing, ConversationNotFound | NotParticipant> => {
  if (state === null) return Result.fail(new ConversationNotFound())
  const own = sideOf(state, subject)
  return own === null
    ? Result.fail(new NotParticipant())
    : Result.succeed({ state, own, other: otherSide(own) })
}

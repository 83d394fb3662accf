import { Result } from "effect"
import type { StartedConversation } from "./Conversation.ts"
import type { Mark } from "./ConversationEvent.ts"
import { MarkBeyondHead } from "./ConversationRefusal.ts"

/** How far to mark: up to a message, with the counts its event carries, or everything there is when it is decided. */
export type MarkPlace = Mark | "head"

export const markAt = (
  { tally }: StartedConversation,
  place: MarkPlace
): Result.Result<Mark, MarkBeyondHead> => {
  if (place === "head") return Result.succeed({ seq: tally.seq, sent: tally.sent })
  return place.seq > tally.seq
    ? Result.fail(new MarkBeyondHead({ newest: tally.seq }))
    : Result.succeed(place)
}

/** Everything, asked for again, is what it was the first time, though more may have come since. */
export const samePlace = (stored: Mark, asked: MarkPlace): boolean =>
  asked === "head" || asked.seq === stored.seq

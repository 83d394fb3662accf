import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { ConversationNotFound } from "@indelible/domain/conversation/ConversationRefusal"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect } from "effect"
import type { Session } from "./Session.ts"

/** Who types in which conversation, and who is to see it. */
export interface TypingPlace {
  readonly conversation: ConversationId
  readonly by: SubjectId
  readonly to: SubjectId
}

export const typingKey = ({ by, conversation }: TypingPlace): string => `${conversation} ${by}`

/** Only in what this socket has open: who may type there was asked when it was opened. */
export const typingPlace = (
  session: Session,
  by: SubjectId,
  conversation: ConversationId
): Effect.Effect<TypingPlace, ConversationNotFound> => {
  const other = session.joined?.get(conversation)
  return other === undefined
    ? Effect.fail(new ConversationNotFound())
    : Effect.succeed({ conversation, by, to: other.subject })
}

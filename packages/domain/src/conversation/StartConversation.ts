import { Result } from "effect"
import type { Decider } from "../event/Decider.ts"
import type { SubjectId } from "../subject/SubjectId.ts"
import { type Conversation, conversation } from "./Conversation.ts"
import type { ConversationEvent, Tally } from "./ConversationEvent.ts"
import { ParticipantsDiffer } from "./ConversationRefusal.ts"

export interface StartConversation {
  readonly business: SubjectId
  readonly worker: SubjectId
  readonly applicationId: string
}

const nobody = { business: 0, worker: 0 }
const empty: Tally = { status: "ACTIVE", seq: 0, sent: nobody, unread: nobody }

/** The stream's id comes from the same three values, so a stream that is started already is this conversation. */
export const startConversation: Decider<
  Conversation,
  StartConversation,
  ConversationEvent,
  ParticipantsDiffer
> = {
  aggregate: conversation,
  decide: (state, { applicationId, business, worker }) =>
    state === null
      ? Result.succeed([
          {
            type: "ConversationStarted",
            facts: { business, worker, tally: empty },
            body: { applicationId }
          }
        ])
      : state.business === business && state.worker === worker
        ? Result.succeed([])
        : Result.fail(new ParticipantsDiffer()),
  repeats: ({ applicationId, business, worker }, [stored]) =>
    stored?.type === "ConversationStarted" &&
    stored.facts.business === business &&
    stored.facts.worker === worker &&
    (stored.body === null || stored.body.applicationId === applicationId)
}

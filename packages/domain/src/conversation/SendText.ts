import { Result } from "effect"
import type { Decider } from "../event/Decider.ts"
import type { SubjectId } from "../subject/SubjectId.ts"
import { type Conversation, conversation } from "./Conversation.ts"
import type { ConversationEvent, Metadata, TextSent } from "./ConversationEvent.ts"
import type { ConversationNotFound, NotParticipant } from "./ConversationRefusal.ts"
import { reopened } from "./Reopen.ts"
import { type Standing, standingOf } from "./Standing.ts"

export interface SendText {
  readonly by: SubjectId
  readonly text: string
  readonly metadata: Metadata | null
}

const textSent = ({ other, own, state }: Standing, { metadata, text }: SendText): TextSent => {
  const sent = { ...state.tally.sent, [own]: state.tally.sent[own] + 1 }
  // Subtracted from what they have read, never added to what it was: a count that was wrong once would stay wrong.
  const unread = { ...state.tally.unread, [other]: sent[own] - state.marks[other].read.sent[own] }
  return {
    type: "TextSent",
    facts: { side: own, tally: { status: "ACTIVE", seq: state.tally.seq + 1, sent, unread } },
    body: { text, metadata }
  }
}

const sameMetadata = (one: Metadata | null, other: Metadata | null): boolean => {
  if (one === null || other === null) return one === other
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && one[key] === other[key])
  )
}

/** Sends a text; in an archived conversation that re-opens it, in the same command. */
export const sendText: Decider<
  Conversation,
  SendText,
  ConversationEvent,
  ConversationNotFound | NotParticipant
> = {
  aggregate: conversation,
  decide: (state, command) =>
    Result.map(standingOf(state, command.by), (standing) => {
      const sent = textSent(standing, command)
      return standing.state.tally.status === "ACTIVE" ? [sent] : [reopened(standing, "message"), sent]
    }),
  repeats: ({ metadata, text }, stored) => {
    const sent = stored.at(-1)
    return (
      sent?.type === "TextSent" &&
      (sent.body === null || (sent.body.text === text && sameMetadata(sent.body.metadata, metadata)))
    )
  }
}

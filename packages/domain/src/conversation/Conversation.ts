import { Schema } from "effect"
import type { Aggregate } from "../event/Aggregate.ts"
import type { OccurrenceOf } from "../event/DomainEvent.ts"
import { SubjectId } from "../subject/SubjectId.ts"
import { type ConversationEvent, conversationEvents, Mark, type Side, Tally } from "./ConversationEvent.ts"

const Marks = Schema.Struct({ delivered: Mark, read: Mark })

/**
 * What deciding needs to know of a conversation: of one size at message 10 and at message 1,000,000. Marks say how far
 * the *side* has received and read.
 */
export const StartedConversation = Schema.Struct({
  business: SubjectId,
  worker: SubjectId,
  tally: Tally,
  marks: Schema.Struct({ business: Marks, worker: Marks }),
  /** Position of the newest message's event; 0 while there is none. */
  lastMessagePos: Schema.Int,
  lastMessageAt: Schema.NullOr(Schema.String),
  /** Position of the event that last set the status. */
  statusPos: Schema.Int
})
export type StartedConversation = typeof StartedConversation.Type

/** null: not started. */
export type Conversation = StartedConversation | null

const nothing: Mark = { seq: 0, sent: { business: 0, worker: 0 } }

/** The later of two marks. */
const later = (a: Mark, b: Mark): Mark => (b.seq > a.seq ? b : a)

const evolveStarted = (
  state: StartedConversation,
  occurrence: Exclude<OccurrenceOf<ConversationEvent>, { readonly type: "ConversationStarted" }>
): StartedConversation => {
  const { facts, pos, recordedAt, type } = occurrence
  const next = { ...state, tally: facts.tally }
  switch (type) {
    case "TextSent":
      return { ...next, lastMessagePos: pos, lastMessageAt: recordedAt }
    case "MessagesDelivered": {
      const marks = state.marks[facts.side]
      const moved = { ...marks, delivered: later(marks.delivered, facts.upTo) }
      return { ...next, marks: { ...state.marks, [facts.side]: moved } }
    }
    case "MessagesRead": {
      const marks = state.marks[facts.side]
      const moved = { delivered: later(marks.delivered, facts.upTo), read: later(marks.read, facts.upTo) }
      return { ...next, marks: { ...state.marks, [facts.side]: moved } }
    }
    case "ConversationArchived":
    case "ConversationReopened":
      return { ...next, statusPos: pos }
  }
}

export const evolve = (state: Conversation, occurrence: OccurrenceOf<ConversationEvent>): Conversation => {
  if (occurrence.type === "ConversationStarted") {
    const { business, tally, worker } = occurrence.facts
    const unmarked = { delivered: nothing, read: nothing }
    return {
      business,
      worker,
      tally,
      marks: { business: unmarked, worker: unmarked },
      lastMessagePos: 0,
      lastMessageAt: null,
      statusPos: occurrence.pos
    }
  }
  return state === null ? null : evolveStarted(state, occurrence)
}

/** Which side a person is on, or null for a stranger. */
export const sideOf = (state: StartedConversation, subject: SubjectId): Side | null =>
  state.business === subject ? "business" : state.worker === subject ? "worker" : null

export const otherSide = (side: Side): Side => (side === "business" ? "worker" : "business")

export const conversation: Aggregate<Conversation, ConversationEvent> = {
  category: "conversation",
  events: conversationEvents,
  initial: null,
  evolve,
  participants: (state) => (state === null ? [] : [state.business, state.worker]),
  stored: {
    version: 1,
    codec: Schema.NullOr(StartedConversation),
    upcast: (_version, state) => state
  }
}

import { Result } from "effect"
import type { Decider } from "../../event/Decider.ts"
import { SubjectId } from "../../subject/SubjectId.ts"
import { type Conversation, evolve } from "../Conversation.ts"
import type { ConversationEvent } from "../ConversationEvent.ts"
import { type StartConversation, startConversation } from "../StartConversation.ts"

type ConversationDecider<Command, Refusal> = Decider<Conversation, Command, ConversationEvent, Refusal>

/** For tests: what happened in one conversation so far, told by commands. */
export class Story {
  readonly events: ReadonlyArray<ConversationEvent>
  readonly state: Conversation

  constructor(events: ReadonlyArray<ConversationEvent>) {
    this.events = events
    this.state = events.reduce<Conversation>(
      (state, event, index) => evolve(state, { ...event, pos: index + 1, recordedAt: recordedAt(index + 1) }),
      null
    )
  }

  /** Position of the newest event. */
  get pos(): number {
    return this.events.length
  }

  when<Command, Refusal>(decider: ConversationDecider<Command, Refusal>, command: Command) {
    return decider.decide(this.state, command)
  }

  /** Goes on with what the command brings about; throws when it is refused. */
  after<Command, Refusal>(decider: ConversationDecider<Command, Refusal>, command: Command): Story {
    return this.with(Result.getOrThrow(this.when(decider, command)))
  }

  with(events: ReadonlyArray<ConversationEvent>): Story {
    return new Story([...this.events, ...events])
  }
}

export const recordedAt = (pos: number): string => new Date(Date.UTC(2026, 0, 1) + pos * 1000).toISOString()

export const business = SubjectId.make("0190f1a0-0000-4000-8000-00000000000b")
export const worker = SubjectId.make("0190f1a0-0000-4000-8000-00000000000c")
export const stranger = SubjectId.make("0190f1a0-0000-4000-8000-00000000000d")

export const start: StartConversation = { business, worker, applicationId: "application-7" }
export const unstarted = new Story([])
export const started = unstarted.after(startConversation, start)

import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import type { StoredEvent } from "../store/StoredEvent.ts"

/** Events of one slice as they lie in the log, ascending: content stays under its key. */
export interface EventsAppended {
  readonly _tag: "EventsAppended"
  readonly events: ReadonlyArray<StoredEvent>
}

/** These came to a node, or left it: how it stands with them has to be looked up. */
export interface PresenceTouched {
  readonly _tag: "PresenceTouched"
  readonly subjects: ReadonlyArray<SubjectId>
}

/** Somebody types, or does not any more. */
export interface TypingTold {
  readonly _tag: "TypingTold"
  readonly conversation: ConversationId
  readonly by: SubjectId
  /** Who is to see it. */
  readonly to: SubjectId
  /** For how many milliseconds it counts unless it is told again; 0: it is over. */
  readonly expiresIn: number
}

/**
 * What nodes tell each other. Nodes of different versions share one bus: what a kind means is never changed, and a kind
 * that a node does not know is not handed to it.
 */
export type LiveMessage = EventsAppended | PresenceTouched | TypingTold

import { Schema } from "effect"

/** There is no such conversation, as far as this person may know. */
export class ConversationNotFound extends Schema.TaggedError<ConversationNotFound>()(
  "ConversationNotFound",
  {}
) {
  override get message() {
    return "there is no such conversation"
  }
}

/** The person is not one of the two. Whoever answers them says `ConversationNotFound`. */
export class NotParticipant extends Schema.TaggedError<NotParticipant>()("NotParticipant", {}) {
  override get message() {
    return "only its two participants may do this in a conversation"
  }
}

/** The conversation was started between two other people. */
export class ParticipantsDiffer extends Schema.TaggedError<ParticipantsDiffer>()("ParticipantsDiffer", {}) {
  override get message() {
    return "the conversation joins other people"
  }
}

/** The mark names a message that has not been sent yet. */
export class MarkBeyondHead extends Schema.TaggedError<MarkBeyondHead>()("MarkBeyondHead", {
  /** Sequence number of the newest message; 0 while there is none. */
  newest: Schema.Int
}) {
  override get message() {
    return `the newest message is number ${this.newest}`
  }
}

/** Something happened that whoever asked had not seen. Nothing was changed: look again, and ask again if still wanted. */
export class ConversationMovedOn extends Schema.TaggedError<ConversationMovedOn>()("ConversationMovedOn", {
  /** Position of the newest message or change of status. */
  pos: Schema.Int
}) {
  override get message() {
    return `the conversation moved on to position ${this.pos} meanwhile`
  }
}

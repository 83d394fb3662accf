import { Schema } from "effect"

/** The command id was used before for something else. The first content stays. */
export class KeyReused extends Schema.TaggedError<KeyReused>()("KeyReused", { commandKey: Schema.String }) {
  override get message() {
    return "this client id was already used for a different command; use a new id"
  }
}

/** Someone else holds this stream or its slice for longer than 2 s. Nothing was saved; try again. */
export class Busy extends Schema.TaggedError<Busy>()("Busy", { streamId: Schema.String }) {
  override get message() {
    return "the conversation is busy; try again"
  }
}

/** The intake is full. Nothing was saved; try again later. */
export class Overloaded extends Schema.TaggedError<Overloaded>()("Overloaded", {}) {
  override get message() {
    return "too many commands are waiting; try again later"
  }
}

/** The command may or may not have been saved. Repeating it with the same id settles which. */
export class OutcomeUnknown extends Schema.TaggedError<OutcomeUnknown>()("OutcomeUnknown", {
  commandKey: Schema.String
}) {
  override get message() {
    return "it is not known whether the command was saved; repeat it with the same id"
  }
}

/** The store cannot be reached, or holds what only a newer program can read. Nothing was saved. */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {
  reason: Schema.Literals(["unreachable", "newer-program-wrote", "keys"]),
  cause: Schema.Defect()
}) {
  override get message() {
    return `the event store is unavailable (${this.reason})`
  }
}

/** The log is damaged: a position is missing in a slice, or one that was read before is beyond its end. Never "not yet": positions become visible in order. */
export class LogCorrupted extends Schema.TaggedError<LogCorrupted>()("LogCorrupted", {
  slice: Schema.Int,
  expected: Schema.Int,
  found: Schema.Int
}) {
  override get message() {
    return this.found < this.expected
      ? `slice ${this.slice}: the log ends at ${this.found}, before position ${this.expected}; was an old backup restored?`
      : `slice ${this.slice}: position ${this.expected} is missing, the next is ${this.found}`
  }
}

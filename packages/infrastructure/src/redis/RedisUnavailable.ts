import { Schema } from "effect"

/**
 * Redis did not do what it was asked for, as far as this node knows. A command that ended with `timeout` or
 * `disconnected` may have been done, or be done later. Never holds a value or a password.
 */
export class RedisUnavailable extends Schema.TaggedError<RedisUnavailable>()("RedisUnavailable", {
  reason: Schema.Literals([
    /** No answer within the deadline. */
    "timeout",
    /** There is no connection, or it broke. */
    "disconnected",
    /** Redis answered that it does not, or cannot now. */
    "refused",
    /** Too many commands are on their way. */
    "overloaded",
    /** So many failed that Redis is left alone for a moment. */
    "circuit-open"
  ]),
  detail: Schema.String
}) {
  override get message() {
    return `Redis: ${this.reason}${this.detail === "" ? "" : ` (${this.detail})`}`
  }
}

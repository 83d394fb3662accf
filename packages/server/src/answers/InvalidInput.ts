import { Schema } from "effect"

/** What was asked is well made, and yet cannot be. Each interface says where in its request it stands. */
export class InvalidInput extends Schema.TaggedError<InvalidInput>()("InvalidInput", {
  /** The field, empty for all of them together. */
  path: Schema.Array(Schema.String),
  /** For whoever asked; quotes nothing of what they sent. */
  problem: Schema.String
}) {
  override get message() {
    return `${this.path.join(".")}: ${this.problem}`
  }
}

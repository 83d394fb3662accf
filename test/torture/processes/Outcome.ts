import { Schema } from "effect"

/** What a caller is told about a command, and all that it may conclude from it. */
export const Outcome = Schema.Union([
  /** Saved. `pos`, `recordedAt`, `text` and `tag` are those of the note. */
  Schema.TaggedStruct("Ok", {
    pos: Schema.Int,
    recordedAt: Schema.String,
    text: Schema.NullOr(Schema.String),
    tag: Schema.String,
    repeat: Schema.Boolean
  }),
  /** Not saved by this attempt, and never will be. */
  Schema.TaggedStruct("Refused", { error: Schema.String }),
  /** Saved or not; the same command again settles it. */
  Schema.TaggedStruct("Unknown", { error: Schema.String })
])
export type Outcome = typeof Outcome.Type
export type Ok = Extract<Outcome, { readonly _tag: "Ok" }>

import { Schema } from "effect"
import { Position } from "../page/Position.ts"

/** What a command did to a conversation. */
export const ConversationChange = Schema.Struct({
  changed: Schema.Boolean.annotate({ description: "False: it was so already, and nothing was recorded." }),
  pos: Schema.NullOr(Schema.Int).annotate({
    description: "The event that recorded it, its tag and time; null when nothing was."
  }),
  tag: Schema.NullOr(Schema.String),
  at: Schema.NullOr(Schema.String),
  token: Position
}).annotate({ identifier: "ConversationChange" })
export type ConversationChange = typeof ConversationChange.Type

import { Schema } from "effect"
import { MessageView } from "./MessageView.ts"

export const MessagePage = Schema.Struct({
  messages: Schema.Array(MessageView).annotate({ description: "Oldest first." }),
  hasEarlier: Schema.Boolean,
  hasLater: Schema.Boolean,
  reflects: Schema.NullOr(Schema.Struct({ pos: Schema.Int, tag: Schema.String })).annotate({
    description:
      "The newest event that all of this reflects; null while nothing of the conversation got here."
  })
})

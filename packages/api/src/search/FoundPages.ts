import { Schema } from "effect"
import { FoundConversation, FoundMessage } from "./FoundView.ts"

const next = Schema.NullOr(Schema.String).annotate({
  description: "Cursor of the next page; null on the last one."
})

export const FoundConversations = Schema.Struct({ conversations: Schema.Array(FoundConversation), next })

export const FoundMessages = Schema.Struct({ messages: Schema.Array(FoundMessage), next })

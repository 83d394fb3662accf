import { Schema } from "effect"
import { ConversationView } from "./ConversationView.ts"

export const ListedStatus = Schema.Literals(["active", "archived"]).annotate({
  description: "`archived` are all that are not active, whoever or whatever archived them."
})

export const ConversationPage = Schema.Struct({
  conversations: Schema.Array(ConversationView),
  next: Schema.NullOr(Schema.String).annotate({
    description: "Cursor of the next page; null on the last one."
  })
})

export const UnreadTotal = Schema.Struct({ unreadCount: Schema.Int })

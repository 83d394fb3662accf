import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { ArchiveCause, Metadata, Side } from "@indelible/domain/conversation/ConversationEvent"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { MessageId } from "@indelible/domain/conversation/MessageId"
import { Schema } from "effect"
import { PersonView } from "../conversation/ConversationView.ts"

const place = {
  id: MessageId,
  conversationId: ConversationId,
  pos: Schema.Int.annotate({
    description: "Place in the conversation's record, rising and not dense: receipts take places too."
  }),
  tag: Schema.String,
  sentAt: Schema.String
}

const TextView = Schema.Struct({
  ...place,
  type: Schema.Literal("TEXT"),
  seq: Schema.Int.annotate({ description: "Gap-free number among the conversation's messages." }),
  sender: PersonView,
  side: Side,
  mine: Schema.Boolean,
  text: Schema.NullOr(Schema.String).annotate({
    description: "Without HTML elements and harmful control characters; null when it is no longer retained."
  }),
  metadata: Schema.NullOr(Metadata),
  clientMessageId: Schema.NullOr(ClientMessageId).annotate({
    description: "For its sender only, null for the other."
  }),
  deliveredAt: Schema.NullOr(Schema.String).annotate({
    description: "When a device of the other person first had it."
  }),
  readAt: Schema.NullOr(Schema.String)
}).annotate({ identifier: "TextMessage" })

const SystemDetail = Schema.Union([
  Schema.Struct({
    event: Schema.Literal("archived"),
    by: Schema.Union([Side, Schema.Literal("system")]),
    cause: ArchiveCause.annotate({
      description: "`inactivity`: the system archived it because nothing was written for long."
    })
  }),
  Schema.Struct({
    event: Schema.Literal("reopened"),
    by: Side,
    cause: Schema.Literals(["message", "request"]).annotate({
      description: "`message`: the entry before a message that opened the conversation again."
    })
  })
])

/** A change of status. It differs from what people send in its structure, not in a name: nobody can imitate it. */
const SystemView = Schema.Struct({
  ...place,
  type: Schema.Literal("SYSTEM"),
  seq: Schema.Null,
  sender: Schema.Null,
  text: Schema.Null,
  metadata: Schema.Null,
  system: SystemDetail
}).annotate({ identifier: "SystemMessage" })

/** An entry of a conversation. */
export const MessageView = Schema.Union([TextView, SystemView])
export type MessageView = typeof MessageView.Type

import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { Metadata } from "@indelible/domain/conversation/ConversationEvent"
import { Schema } from "effect"

/** What a client says of a message that it sends. */
export const messageContent = {
  clientMessageId: ClientMessageId.annotate({
    description:
      "The client's name for this message, a new UUID: sent again with the same content it is the same message."
  }),
  text: Schema.String.annotate({ description: "1 to 5,000 Unicode code points." }),
  metadata: Schema.optionalKey(
    Schema.NullOr(Metadata).annotate({
      description:
        "Flat labels of the platform's own, at most 2 KB as JSON: returned as sent, never searched."
    })
  )
}

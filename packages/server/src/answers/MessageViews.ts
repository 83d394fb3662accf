import type { PersonView } from "@indelible/api/conversation/ConversationView"
import type { MessageView } from "@indelible/api/message/MessageView"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { messageId } from "@indelible/domain/conversation/MessageId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import type { HistoryMessage } from "@indelible/projections/history/HistoryMessage"

/** An entry of a conversation as one of its two people sees it. */
export const messageView = (
  conversation: ConversationId,
  message: HistoryMessage,
  reader: SubjectId,
  nameOf: (subject: SubjectId) => PersonView
): MessageView => {
  const { pos, sentAt, tag } = message
  const place = { id: messageId(conversation, pos), conversationId: conversation, pos, tag, sentAt }
  if (message.kind === "SYSTEM") {
    return {
      ...place,
      type: "SYSTEM",
      seq: null,
      sender: null,
      text: null,
      metadata: null,
      system: message.detail
    }
  }
  const mine = message.sender === reader
  return {
    ...place,
    type: "TEXT",
    seq: message.seq,
    sender: nameOf(message.sender),
    side: message.side,
    mine,
    text: message.text,
    metadata: message.metadata,
    clientMessageId: mine ? message.clientMessageId : null,
    deliveredAt: message.deliveredAt,
    readAt: message.readAt
  }
}

import type { PersonView } from "@indelible/api/conversation/ConversationView"
import type * as Found from "@indelible/api/search/FoundView"
import { messageId } from "@indelible/domain/conversation/MessageId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import type { FoundConversation } from "@indelible/projections/search/ConversationSearch"
import type { MessageHit } from "@indelible/projections/search/MessageHit"
import { viewOfEntry } from "./ConversationViews.ts"
import type { OtherOf } from "./Others.ts"

type NameOf = (subject: SubjectId) => PersonView

export const otherOf = ({ recipient, sender }: MessageHit, reader: SubjectId): SubjectId =>
  sender === reader ? recipient : sender

export const viewOfHit = (hit: MessageHit, reader: SubjectId, nameOf: NameOf): Found.FoundMessage => ({
  id: messageId(hit.conversationId, hit.pos),
  conversationId: hit.conversationId,
  pos: hit.pos,
  other: nameOf(otherOf(hit, reader)),
  mine: hit.sender === reader,
  sentAt: hit.sentAt,
  excerpt: hit.excerpt
})

export const viewOfFound = (
  { entry, message, name }: FoundConversation,
  reader: SubjectId,
  otherIn: OtherOf
): Found.FoundConversation => ({
  conversation: viewOfEntry(entry, otherIn),
  name,
  message: message && viewOfHit(message, reader, (subject) => otherIn(subject).other)
})

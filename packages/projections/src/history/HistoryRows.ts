import type { Side } from "@indelible/domain/conversation/ConversationEvent"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { readable } from "@indelible/domain/text/ReadableText"
import { type ConversationRecord, conversationIdOf, standingOf } from "../conversation/ConversationRecord.ts"
import type { SystemDetail } from "./SystemDetail.ts"

/** What a client called its command: `<actor>/<command id>`. */
const commandIdOf = (commandKey: string): string => commandKey.slice(commandKey.indexOf("/") + 1)

interface MessageRow {
  readonly conversationId: string
  readonly pos: number
  readonly slice: number
  readonly kind: "TEXT" | "SYSTEM"
  readonly seq: number | null
  readonly side: Side | null
  readonly sender: SubjectId | null
  readonly text: string | null
  readonly metadata: string | null
  readonly contentKey: string | null
  readonly detail: string | null
  readonly clientMessageId: string | null
  readonly sentAt: string
  readonly tag: string
}

const entry = ({ stored }: ConversationRecord) => ({
  ...standingOf(stored),
  conversationId: conversationIdOf(stored),
  slice: stored.slice,
  sender: stored.header.actor === "system" ? null : stored.header.actor,
  sentAt: stored.header.recordedAt
})

const systemEntry = (record: ConversationRecord, detail: SystemDetail): MessageRow => ({
  ...entry(record),
  kind: "SYSTEM",
  seq: null,
  side: detail.by === "system" ? null : detail.by,
  text: null,
  metadata: null,
  contentKey: null,
  detail: JSON.stringify(detail),
  clientMessageId: null
})

/** The entry that an event shows as, if it shows as one. */
const messageRow = (record: ConversationRecord): ReadonlyArray<MessageRow> => {
  const { event, stored } = record
  switch (event.type) {
    case "TextSent": {
      const { body, facts } = event
      const metadata = body?.metadata ?? null
      return [
        {
          ...entry(record),
          kind: "TEXT",
          seq: facts.tally.seq,
          side: facts.side,
          text: body === null ? null : readable(body.text),
          metadata: metadata === null ? null : JSON.stringify(metadata),
          contentKey: stored.header.keyId,
          detail: null,
          clientMessageId: commandIdOf(stored.header.commandKey)
        }
      ]
    }
    case "ConversationArchived":
      return [systemEntry(record, { event: "archived", by: event.facts.by, cause: event.facts.cause })]
    case "ConversationReopened":
      return [systemEntry(record, { event: "reopened", by: event.facts.by, cause: event.facts.cause })]
    case "ConversationStarted":
    case "MessagesDelivered":
    case "MessagesRead":
      return []
  }
}

const receiptRow = ({ event, stored }: ConversationRecord) =>
  event.type === "MessagesDelivered" || event.type === "MessagesRead"
    ? [
        {
          conversationId: conversationIdOf(stored),
          slice: stored.slice,
          reader: event.facts.side,
          kind: event.type === "MessagesRead" ? "read" : "delivered",
          upTo: event.facts.upTo.seq,
          at: stored.header.recordedAt
        }
      ]
    : []

export const messageRows = (page: ReadonlyArray<ConversationRecord>) => page.flatMap(messageRow)

export const receiptRows = (page: ReadonlyArray<ConversationRecord>) => page.flatMap(receiptRow)

import { readable } from "@indelible/domain/text/ReadableText"
import {
  type ConversationRecord,
  conversationIdOf,
  newestByConversation,
  standingOf
} from "../conversation/ConversationRecord.ts"
import type { MessageRow } from "./HistoryTables.ts"
import type { SystemDetail } from "./SystemDetail.ts"

/** What a client called its command: `<actor>/<command id>`. */
const commandIdOf = (commandKey: string): string => commandKey.slice(commandKey.indexOf("/") + 1)

const entry = ({ stored }: ConversationRecord) => ({
  ...standingOf(stored),
  conversation_id: conversationIdOf(stored),
  slice: stored.slice,
  sender: stored.header.actor === "system" ? null : stored.header.actor,
  sent_at: stored.header.recordedAt
})

const systemEntry = (record: ConversationRecord, detail: SystemDetail): MessageRow => ({
  ...entry(record),
  kind: "SYSTEM",
  seq: null,
  side: detail.by === "system" ? null : detail.by,
  text: null,
  metadata: null,
  content_key: null,
  detail: JSON.stringify(detail),
  client_message_id: null
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
          content_key: stored.header.keyId,
          detail: null,
          client_message_id: commandIdOf(stored.header.commandKey)
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
          conversation_id: conversationIdOf(stored),
          slice: stored.slice,
          reader: event.facts.side,
          kind: event.type === "MessagesRead" ? "read" : "delivered",
          up_to: event.facts.upTo.seq,
          at: stored.header.recordedAt
        }
      ]
    : []

export const messageRows = (page: ReadonlyArray<ConversationRecord>) => page.flatMap(messageRow)

export const receiptRows = (page: ReadonlyArray<ConversationRecord>) => page.flatMap(receiptRow)

/** The newest event of each conversation that the rows reflect. */
export const standingRows = (page: ReadonlyArray<ConversationRecord>) =>
  [...newestByConversation(page)].map(([conversation_id, { stored }]) => ({
    conversation_id,
    slice: stored.slice,
    ...standingOf(stored)
  }))

import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { Metadata, Side } from "@indelible/domain/conversation/ConversationEvent"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Schema } from "effect"
import { SystemDetail } from "./SystemDetail.ts"

interface Entry {
  /** Place in the conversation's stream; with the conversation it makes the message's id. */
  readonly pos: number
  readonly tag: string
  /** ISO 8601 UTC with milliseconds, as all times here. */
  readonly sentAt: string
}

export interface TextMessage extends Entry {
  readonly kind: "TEXT"
  readonly seq: number
  readonly side: Side
  readonly sender: SubjectId
  readonly clientMessageId: ClientMessageId
  /** What readers get; null when it is no longer retained. */
  readonly text: string | null
  readonly metadata: Metadata | null
  /** When a device of the other side first had it; reading it counts. */
  readonly deliveredAt: string | null
  readonly readAt: string | null
}

/** A change of status: never unread, and no receipt is about it. */
export interface SystemMessage extends Entry {
  readonly kind: "SYSTEM"
  readonly detail: SystemDetail
}

export type HistoryMessage = TextMessage | SystemMessage

const entryColumns = { pos: Schema.Int, tag: Schema.String, sent_at: Schema.Date }

/** A row as the queries of history select it. */
export const HistoryRow = Schema.Union([
  Schema.Struct({
    kind: Schema.Literal("TEXT"),
    ...entryColumns,
    seq: Schema.Int,
    side: Side,
    sender: SubjectId,
    client_message_id: ClientMessageId,
    text: Schema.NullOr(Schema.String),
    metadata: Schema.NullOr(Schema.fromJsonString(Metadata)),
    delivered_at: Schema.NullOr(Schema.Date),
    read_at: Schema.NullOr(Schema.Date)
  }),
  Schema.Struct({
    kind: Schema.Literal("SYSTEM"),
    ...entryColumns,
    detail: Schema.fromJsonString(SystemDetail)
  })
])

export const messageOf = (row: typeof HistoryRow.Type): HistoryMessage => {
  const entry: Entry = { pos: row.pos, tag: row.tag, sentAt: row.sent_at.toISOString() }
  return row.kind === "SYSTEM"
    ? { kind: row.kind, ...entry, detail: row.detail }
    : {
        kind: row.kind,
        ...entry,
        seq: row.seq,
        side: row.side,
        sender: row.sender,
        clientMessageId: row.client_message_id,
        text: row.text,
        metadata: row.metadata,
        deliveredAt: row.delivered_at?.toISOString() ?? null,
        readAt: row.read_at?.toISOString() ?? null
      }
}

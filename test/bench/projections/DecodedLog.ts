import { EventLog } from "@indelible/application/store/EventLog"
import type { RecordedEvent } from "@indelible/application/store/EventStore"
import { tagOf } from "@indelible/application/store/StoredEvent"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import { preview } from "@indelible/domain/text/Preview"
import { readable } from "@indelible/domain/text/ReadableText"
import { column } from "@indelible/projections/engine/ColumnParameter"
import { openEvents } from "@indelible/projections/engine/OpenPage"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import { messageRows } from "@indelible/projections/history/HistoryRows"
import { tsvectorText } from "@indelible/projections/search/TsText"
import { wordsOf } from "@indelible/projections/search/Words"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const rowOf = (record: RecordedEvent<ConversationEvent>) => {
  const { event, stored } = record
  const { header } = stored
  const { tally } = event.facts
  const message = messageRows([record])[0]
  const text = event.type === "TextSent" && event.body !== null ? event.body.text : null
  return {
    conversation_id: stored.streamId.slice("conversation-".length),
    slice: stored.slice,
    pos: header.streamPos,
    type: event.type,
    recorded_at: header.recordedAt,
    tag: tagOf(stored),
    business: header.participants[0] ?? null,
    worker: header.participants[1] ?? null,
    actor: header.actor === "system" ? null : header.actor,
    key_id: header.keyId,
    side: "side" in event.facts ? event.facts.side : null,
    status: tally.status,
    seq: tally.seq,
    unread_business: tally.unread.business,
    unread_worker: tally.unread.worker,
    up_to: "upTo" in event.facts ? event.facts.upTo.seq : null,
    text: text === null ? null : readable(text),
    preview: text === null ? null : preview(text),
    words: text === null ? null : tsvectorText(wordsOf(readable(text))),
    metadata: message?.metadata ?? null,
    detail: message?.detail ?? null,
    client_message_id: message?.client_message_id ?? null
  }
}

const types = {
  conversation_id: "uuid",
  slice: "smallint",
  pos: "integer",
  type: "text",
  recorded_at: "timestamptz",
  tag: "text",
  business: "uuid",
  worker: "uuid",
  actor: "uuid",
  key_id: "text",
  side: "text",
  status: "text",
  seq: "integer",
  unread_business: "integer",
  unread_worker: "integer",
  up_to: "integer",
  text: "text",
  preview: "text",
  words: "tsvector",
  metadata: "text",
  detail: "text",
  client_message_id: "uuid"
} as const

const insert = Effect.fnUntraced(function* (records: ReadonlyArray<RecordedEvent<ConversationEvent>>) {
  const sql = yield* SqlClient.SqlClient
  const rows = records.map(rowOf)
  const values = (Object.keys(types) as ReadonlyArray<keyof typeof types>).map((name) => {
    const cast =
      types[name] === "smallint" || types[name] === "integer" ? "int[]" : `text[]::${types[name]}[]`
    return sql`${column(rows.map((row) => row[name]))}::${sql.literal(cast)}`
  })
  yield* sql`INSERT INTO decoded SELECT * FROM unnest(${sql.csv(values)})`
})

/** All events of the log, decoded and opened, as a table: what the floor starts from. */
export const loadDecoded = Effect.fn("DecodedLog.load")(function* (onProgress: (events: number) => void) {
  const sql = yield* SqlClient.SqlClient
  const log = yield* EventLog
  yield* sql`DROP TABLE IF EXISTS decoded`
  const columns = Object.entries(types).map(([name, type]) => sql`${sql(name)} ${sql.literal(type)}`)
  yield* sql`CREATE TABLE decoded (${sql.csv(columns)})`
  const heads = yield* log.sliceHeads
  const positions = heads.map(() => 0)
  for (let loaded = 0; ; ) {
    const page = yield* log.readSlices(
      heads.flatMap(({ after, slice }) =>
        (positions[slice] ?? 0) < after ? [{ slice, after: positions[slice] ?? 0 }] : []
      ),
      4_000
    )
    if (page.length === 0) break
    const { events } = yield* openEvents(historyProjection, page)
    yield* insert(events)
    for (const { slice, slicePos } of page) positions[slice] = slicePos
    loaded += page.length
    onProgress(loaded)
  }
  yield* sql`VACUUM (ANALYZE) decoded`
})

import { hash } from "node:crypto"
import { PgClient } from "@effect/sql-pg"
import { EventOpener } from "@indelible/application/store/EventOpener"
import { type StoredEvent, tagOf } from "@indelible/application/store/StoredEvent"
import { type ConversationEvent, conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import type { ReadEvent } from "@indelible/domain/event/DomainEvent"
import { readable } from "@indelible/domain/text/ReadableText"
import { EventRow, toStored } from "@indelible/infrastructure/postgres/log/EventRow"
import { Effect, Result, Schema } from "effect"
import { hashOf, isFindable } from "../clients/Message.ts"
import type { LineOf } from "../history/Line.ts"
import type { Recorder } from "../history/Recorder.ts"

const decodeRows = Schema.decodeUnknownEffect(Schema.Array(EventRow))
const prefix = "conversation-"

const rowsOf = Effect.fnUntraced(function* (conversations: ReadonlyArray<string>) {
  const sql = yield* PgClient.PgClient
  const streams = conversations.map((conv) => `${prefix}${conv}`)
  return yield* decodeRows(
    yield* sql`
    SELECT slice, slice_pos, header, header_hash, body
    FROM event
    WHERE stream_id = ANY(${streams}::text[])
    ORDER BY stream_id, stream_pos`
  )
})

const userIds = Effect.gen(function* () {
  const sql = yield* PgClient.PgClient
  const rows = yield* sql<{ subject: string; user: string }>`
    SELECT subject_id AS subject, user_id AS user FROM vault.person WHERE user_id IS NOT NULL`
  return new Map(rows.map(({ subject, user }) => [subject, user]))
})

/** The bytes that the hash is over are the ones that lie there. */
const isIntact = ({ headerBytes, headerHash }: StoredEvent) =>
  Buffer.compare(hash("sha256", headerBytes, "buffer"), headerHash) === 0

const describe = (
  stored: StoredEvent,
  event: ConversationEvent | ReadEvent<ConversationEvent>,
  users: ReadonlyMap<string, string>
): Omit<LineOf<"event">, "t"> => {
  const { header, slice, slicePos } = stored
  const { actor, commandKey, ordinal, recordedAt, streamId, streamPos, type } = header
  const { facts } = event
  const text = event.type === "TextSent" ? (event.body?.text ?? null) : null
  return {
    proc: "log",
    op: "event",
    phase: "ok",
    conv: streamId.slice(prefix.length),
    slice,
    slicePos,
    pos: streamPos,
    tag: tagOf(stored),
    at: recordedAt,
    type,
    user: users.get(actor) ?? actor,
    side: "side" in facts ? facts.side : null,
    key: commandKey.slice(commandKey.indexOf("/") + 1),
    ordinal,
    seq: event.type === "TextSent" ? event.facts.tally.seq : null,
    hash: text === null ? null : hashOf(text),
    readable: text === null ? null : hashOf(readable(text)),
    findable: text !== null && isFindable(text),
    upTo: "upTo" in facts ? facts.upTo.seq : null,
    unread: facts.tally.unread
  }
}

const openAll = Effect.fnUntraced(function* (stored: ReadonlyArray<StoredEvent>) {
  return yield* (yield* EventOpener).open(conversationEvents, stored)
})

/** Writes down the event table of some conversations, every event opened. */
export const record = Effect.fn("EventTable.record")(function* (
  recorder: Recorder,
  conversations: ReadonlyArray<string>
) {
  const stored = (yield* rowsOf(conversations)).map(toStored)
  const damaged = stored.filter((event) => !isIntact(event))
  if (damaged.length > 0)
    return yield* Effect.die(new Error(`${damaged.length} events do not fit their hash`))
  const users = yield* userIds
  const opened = yield* openAll(stored)
  for (const [i, event] of stored.entries()) {
    const content = opened[i]
    if (content === undefined || Result.isFailure(content)) {
      return yield* Effect.die(new Error(`${event.streamId} ${event.header.streamPos} does not open`))
    }
    recorder.record(describe(event, content.success, users))
  }
})

/** Slices with holes, which no reader could get past. */
export const brokenSlices = Effect.gen(function* () {
  const sql = yield* PgClient.PgClient
  const rows = yield* sql<{ slice: number }>`
    SELECT slice FROM event GROUP BY slice HAVING max(slice_pos) <> count(*)`
  return rows.map(({ slice }) => slice)
})

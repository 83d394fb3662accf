import { assert, describe, it } from "@effect/vitest"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Layer } from "effect"
import type { EventHeader } from "./EventHeader.ts"
import { EventLog } from "./EventLog.ts"
import { InspectEvents } from "./InspectEvents.ts"
import type { StoredEvent } from "./StoredEvent.ts"
import { StreamId } from "./StreamId.ts"

const business = SubjectId.make("0190f1a0-0000-7000-8000-00000000000b")
const tally = {
  status: "ACTIVE",
  seq: 0,
  sent: { business: 0, worker: 0 },
  unread: { business: 0, worker: 0 }
}

const stored = (pos: number, about: Partial<EventHeader>, body: Uint8Array | null = null): StoredEvent => ({
  slice: 7,
  slicePos: pos,
  streamId: StreamId.make(about.streamId ?? "conversation-1"),
  headerBytes: new Uint8Array(),
  headerHash: new Uint8Array(32),
  body,
  header: {
    v: 1,
    streamId: "conversation-1",
    streamPos: pos,
    type: "TextSent",
    schemaVersion: 1,
    recordedAt: "2026-11-01T09:00:00.000Z",
    actor: business,
    participants: [],
    keyId: body === null ? null : "key-1",
    keyCommitment: null,
    bodyHash: null,
    correlationId: "c",
    causationId: null,
    node: "node-1",
    client: "rest",
    commandKey: "k",
    ordinal: 0,
    facts: { side: "business", tally },
    ...about
  }
})

const events = [
  stored(1, {}, new Uint8Array(84)),
  stored(2, { type: "ConversationArchived", facts: { by: "system", tally } }),
  stored(3, { type: "TextSent", schemaVersion: 9, facts: { later: true } }),
  stored(4, { type: "TextSent", facts: { side: "nobody" } }),
  stored(5, { type: "Danced", facts: null }),
  stored(6, { streamId: "audit-2026-11-01", type: "ConversationStarted", facts: { seen: 1 } })
]
const after = (pos: number, limit: number) => Effect.succeed(events.slice(pos, pos + limit))
const log = Layer.succeed(EventLog, {
  readStream: (_, pos, limit) => after(pos, limit),
  readSlices: ([cursor], limit) => after(cursor?.after ?? 0, limit),
  outlineSlices: () => Effect.die("not asked"),
  readEvents: () => Effect.die("not asked"),
  oldestAfter: () => Effect.die("not asked"),
  readStreams: () => Effect.die("not asked"),
  heads: () => Effect.die("not asked"),
  headsOf: () => Effect.die("not asked"),
  sampleStreams: () => Effect.die("not asked"),
  holdsCommand: () => Effect.die("not asked"),
  streamsOf: () => Effect.die("not asked"),
  shareStream: () => Effect.die("not asked"),
  sliceHeads: Effect.succeed([{ slice: 7, after: events.length }])
})
const inspecting = InspectEvents.layer.pipe(Layer.provide(log))
const stream = StreamId.make("conversation-1")

describe("the record as engineers read it", () => {
  it.effect("tells of content its size and key alone, and facts in today's version", () =>
    Effect.gen(function* () {
      const { events } = yield* (yield* InspectEvents).ofStream(stream, 0, 2)
      const [sent, archived] = events
      assert.deepStrictEqual(sent?.content, { bytes: 84, keyId: "key-1" })
      assert.deepStrictEqual([sent?.schemaVersion, sent?.readAs, sent?.unreadable], [1, 1, null])
      assert.isNull(archived?.content)
      assert.deepStrictEqual([archived?.schemaVersion, archived?.readAs], [1, 2])
      assert.deepStrictEqual(archived?.facts, { by: "system", cause: "inactivity", tally })
    }).pipe(Effect.provide(inspecting))
  )

  it.effect("F35 shows what this program cannot read as it was written, and why", () =>
    Effect.gen(function* () {
      const { events } = yield* (yield* InspectEvents).ofStream(stream, 2, 10)
      assert.deepStrictEqual(
        events.map(({ facts, readAs, unreadable }) => [unreadable, readAs, facts]),
        [
          ["unknown", null, { later: true }],
          ["malformed", null, { side: "nobody" }],
          ["unknown", null, null],
          ["unknown", null, { seen: 1 }]
        ]
      )
    }).pipe(Effect.provide(inspecting))
  )

  it.effect("goes on page by page, and ends", () =>
    Effect.gen(function* () {
      const inspect = yield* InspectEvents
      const nexts = [
        (yield* inspect.ofStream(stream, 0, 4)).next,
        (yield* inspect.ofStream(stream, 4, 2)).next,
        (yield* inspect.ofSlice(7, 0, 5)).next,
        (yield* inspect.ofSlice(7, 5, 5)).next
      ]
      assert.deepStrictEqual(nexts, [4, null, 5, null])
      const nothing = { events: [], next: null }
      assert.deepStrictEqual(yield* inspect.ofSlice(7, 99, 5), nothing, "beyond the end")
      assert.deepStrictEqual(yield* inspect.ofSlice(8, 0, 5), nothing, "an empty slice")
    }).pipe(Effect.provide(inspecting))
  )
})

import { randomUUID } from "node:crypto"
import { assert, it } from "@effect/vitest"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { tagOf } from "@indelible/application/store/StoredEvent"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import type { Mark } from "@indelible/domain/conversation/ConversationEvent"
import { History, type HistoryPage, type HistoryPlace } from "@indelible/projections/history/History"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import { Clock, Effect, Option } from "effect"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { catchUpAll, layer } from "./ReadModelDatabase.ts"
import * as Talk from "./Talk.ts"

const newest: HistoryPlace = { _tag: "Newest" }
const pairOf = (name: string) =>
  Talk.pair(`history ${name}`, Talk.person(`business ${name}`), Talk.person(`worker ${name}`))
const pageOf = Effect.fn(function* ({ id }: Talk.Pair, place: HistoryPlace = newest, limit = 50) {
  yield* catchUpAll
  return yield* (yield* History).page(id, place, limit)
})
const positions = ({ hasEarlier, hasLater, messages }: HistoryPage) => [
  hasEarlier,
  messages.map(({ pos }) => pos),
  hasLater
]
/** The business talks alone: its message number n has position n + 1. */
const monologue = Effect.fn(function* (name: string, length: number) {
  const pair = pairOf(name)
  yield* Talk.start(pair)
  for (let i = 1; i <= length; i++) yield* Talk.say(pair, "business", `number ${i}`)
  return pair
})
const mark = (seq: number): Mark => ({ seq, sent: { business: seq, worker: 0 } })
const timeOf = ({ events }: Effect.Success<ReturnType<typeof Talk.read>>) =>
  events.map(({ stored }) => stored.header.recordedAt).join()

for (const server of TestDatabase.whichServers()) {
  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(
    `History (${server})`,
    (it) => {
      it.effect("shows a message as readers get it, with its own name and labels (NFR-MSG-SEC-004)", () =>
        Effect.gen(function* () {
          const pair = pairOf("message")
          yield* Talk.start(pair)
          const clientMessageId = ClientMessageId.make(randomUUID())
          const metadata = { z: "last", a: 1.5, "1": null, yes: true }
          const { events } = yield* Talk.say(pair, "worker", "<i>a</i> < b\u202e", {
            metadata,
            clientMessageId
          })
          const page = yield* pageOf(pair)
          const [stored] = events.map((event) => event.stored)
          if (stored === undefined) return assert.fail("nothing was stored")
          assert.deepStrictEqual(page, {
            messages: [
              {
                kind: "TEXT",
                pos: 2,
                tag: tagOf(stored),
                sentAt: stored.header.recordedAt,
                seq: 1,
                side: "worker",
                sender: pair.worker,
                clientMessageId,
                text: "a < b",
                metadata,
                deliveredAt: null,
                readAt: null
              }
            ],
            hasEarlier: false,
            hasLater: false,
            reflects: { pos: 2, tag: tagOf(stored) }
          })
          // As sent, to the order of its keys.
          const [message] = page.messages
          assert.strictEqual(
            message?.kind === "TEXT" && JSON.stringify(message.metadata),
            JSON.stringify(metadata)
          )
        })
      )

      it.effect("shows changes of status as SYSTEM entries with a position and no number", () =>
        Effect.gen(function* () {
          const pair = pairOf("status")
          yield* Talk.start(pair)
          yield* Talk.putAway(pair, "business")
          yield* Talk.takeOut(pair, "worker")
          yield* Talk.putAwayByItself(pair)
          yield* Talk.say(pair, "business", "hello")
          yield* Talk.read(pair, "worker")
          const { messages, reflects } = yield* pageOf(pair)
          assert.deepStrictEqual(
            messages.map((message) => [
              message.pos,
              message.kind === "SYSTEM" ? message.detail : message.seq
            ]),
            [
              [2, { event: "archived", by: "business", cause: "request" }],
              [3, { event: "reopened", by: "worker", cause: "request" }],
              [4, { event: "archived", by: "system", cause: "inactivity" }],
              [5, { event: "reopened", by: "business", cause: "message" }],
              [6, 1]
            ]
          )
          assert.strictEqual(reflects?.pos, 7)
        })
      )

      it.effect("pages before, after and around any position, in order (NFR-MSG-SCAL-004)", () =>
        Effect.gen(function* () {
          const pair = yield* monologue("pages", 10)
          const at = (place: HistoryPlace, limit: number) => Effect.map(pageOf(pair, place, limit), positions)
          assert.deepStrictEqual(yield* at(newest, 3), [true, [9, 10, 11], false])
          assert.deepStrictEqual(yield* at({ _tag: "Before", pos: 9 }, 3), [true, [6, 7, 8], true])
          assert.deepStrictEqual(yield* at({ _tag: "Before", pos: 4 }, 3), [false, [2, 3], true])
          assert.deepStrictEqual(yield* at({ _tag: "Before", pos: 2 }, 3), [false, [], true])
          assert.deepStrictEqual(yield* at({ _tag: "After", pos: 0 }, 3), [false, [2, 3, 4], true])
          assert.deepStrictEqual(yield* at({ _tag: "After", pos: 9 }, 3), [true, [10, 11], false])
          assert.deepStrictEqual(yield* at({ _tag: "After", pos: 11 }, 3), [true, [], false])
          assert.deepStrictEqual(yield* at({ _tag: "Around", pos: 6 }, 5), [true, [4, 5, 6, 7, 8], true])
          assert.deepStrictEqual(yield* at({ _tag: "Around", pos: 11 }, 4), [true, [10, 11], false])
          const beyond = Number.MAX_SAFE_INTEGER
          assert.deepStrictEqual(yield* at({ _tag: "Before", pos: beyond }, 1), [true, [11], false])
          assert.deepStrictEqual(yield* at({ _tag: "After", pos: beyond - 1 }, 1), [true, [], false])
          assert.deepStrictEqual(yield* at({ _tag: "Around", pos: -5 }, 2), [false, [2], true])
        })
      )

      it.effect("stays where it is while new messages arrive (S7)", () =>
        Effect.gen(function* () {
          const pair = yield* monologue("arriving", 6)
          const first = yield* pageOf(pair, newest, 3)
          yield* Talk.say(pair, "worker", "in between")
          const earliest = first.messages[0]?.pos ?? 0
          const second = yield* pageOf(pair, { _tag: "Before", pos: earliest }, 3)
          assert.deepStrictEqual(
            [...second.messages, ...first.messages].map(({ pos }) => pos),
            [2, 3, 4, 5, 6, 7]
          )
        })
      )

      it.effect("tells when each message was delivered and read; reading delivers (REQ-MSG-005, I6)", () =>
        Effect.gen(function* () {
          const pair = yield* monologue("receipts", 6)
          const pause = Effect.sleep(2)
          yield* pause
          const delivered4 = timeOf(yield* Talk.receive(pair, "worker", mark(4)))
          yield* pause
          const read2 = timeOf(yield* Talk.read(pair, "worker", mark(2)))
          yield* pause
          const read5 = timeOf(yield* Talk.read(pair, "worker", mark(5)))
          // The sender's own reading says nothing about the sender's messages.
          yield* Talk.read(pair, "business", "head")
          const { messages } = yield* pageOf(pair)
          const receipts = messages.map((message) =>
            message.kind === "TEXT" ? [message.seq, message.deliveredAt, message.readAt] : []
          )
          assert.deepStrictEqual(receipts, [
            [1, delivered4, read2],
            [2, delivered4, read2],
            [3, delivered4, read5],
            [4, delivered4, read5],
            [5, read5, read5],
            [6, null, null]
          ])
          assert.strictEqual(new Set([delivered4, read2, read5]).size, 3)
        })
      )

      it.effect("finds one message by its position", () =>
        Effect.gen(function* () {
          const pair = yield* monologue("one", 3)
          yield* Talk.read(pair, "worker")
          yield* catchUpAll
          const history = yield* History
          const found = Option.getOrThrow(yield* history.messageAt(pair.id, 3))
          assert.strictEqual(found.kind === "TEXT" && found.text, "number 2")
          // The start, a receipt, nothing at all, and a conversation that is not there.
          for (const pos of [1, 5, 6, 0]) {
            assert.isTrue(Option.isNone(yield* history.messageAt(pair.id, pos)), String(pos))
          }
          assert.isTrue(Option.isNone(yield* history.messageAt(pairOf("nowhere").id, 3)))
        })
      )

      it.effect("is empty before anything has got here, and says so", () =>
        Effect.gen(function* () {
          const pair = pairOf("unborn")
          const nothing = { messages: [], hasEarlier: false, hasLater: false }
          assert.deepStrictEqual(yield* pageOf(pair), { ...nothing, reflects: null })
          const { events } = yield* Talk.start(pair)
          assert.deepStrictEqual(yield* pageOf(pair), {
            ...nothing,
            reflects: { pos: 1, tag: events.map(({ stored }) => tagOf(stored)).join() }
          })
        })
      )

      it.effect("shows no text of what is no longer retained, and everything else (X7)", () =>
        Effect.gen(function* () {
          const pair = pairOf("purged")
          yield* Talk.start(pair)
          yield* Talk.say(pair, "worker", "private", { metadata: { a: 1 } })
          yield* Talk.say(pair, "business", "stays")
          const before = yield* pageOf(pair)
          const vault = yield* KeyVault
          const { keyId } = yield* vault.keyFor(pair.worker, yield* Clock.currentTimeMillis)
          yield* historyProjection.purge(keyId)("history")
          const after = yield* pageOf(pair)
          assert.deepStrictEqual(
            after.messages,
            before.messages.map((message) =>
              message.kind === "TEXT" && message.side === "worker"
                ? { ...message, text: null, metadata: null }
                : message
            )
          )
        })
      )
    }
  )
}

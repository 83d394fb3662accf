import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { assertFrame } from "../../realtime/AssertFrame.ts"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"

const { message } = RealtimeWorld
const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)

const family = "👨‍👩‍👧‍👦"

/** What is sent, and what the other person gets. */
const readings: ReadonlyArray<readonly [string, string, string]> = [
  ["T1", "<script>alert(1)</script>after", "after"],
  ["T1", `"><img src=x onerror=alert(1)>`, `">`],
  ["T2", "a < b && c > d", "a < b && c > d"],
  ["T2", "<NotAnElement>", "<NotAnElement>"],
  ["T2", "&lt;b&gt;", "&lt;b&gt;"],
  ["T2", "&amp;amp;", "&amp;amp;"],
  [
    "T3",
    "javascript:alert(1) https://paypal.com@evil.test/",
    "javascript:alert(1) https://paypal.com@evil.test/"
  ],
  ["T4", family.repeat(714), family.repeat(714)],
  ["T4", "x".repeat(5_000), "x".repeat(5_000)],
  ["T8", "pay \u202Etxt.exe", "pay txt.exe"],
  ["T8", "שלום עולם", "שלום עולם"],
  ["T10", `🇩🇪 👍🏽 1️⃣ مرحبا Hello 123 汉字 สวัสดี`, `🇩🇪 👍🏽 1️⃣ مرحبا Hello 123 汉字 สวัสดี`],
  ["T11", "one\r\ntwo\u2028three\u2029four\tfive\u0007", "one\ntwo\nthree\nfour\tfive"],
  ["T12", `{{7*7}} \${7*7} %s%n%x '; DROP TABLE events;--`, `{{7*7}} \${7*7} %s%n%x '; DROP TABLE events;--`]
]

describe("text over WebSocket", () => {
  it.live("T1 T2 T3 T4 T8 T10 T11 T12 reaches the other person readable, and otherwise as sent", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* RealtimeWorld.make()
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        const wanda = yield* world.connect(worker.userId)
        for (const [n, [id, sent, read]] of readings.entries()) {
          assert.strictEqual(
            (yield* promise(() => acme.ask(message(conversation, sent)))).type,
            "message_sent",
            id
          )
          yield* promise(() => wanda.when(() => wanda.of("message_received").length === n + 1))
          assert.strictEqual(wanda.of("message_received")[n]?.text, read, id)
        }
        const hidden = wanda.of("message_received").map(({ text }) => text ?? "")
        assert.isFalse(hidden.some((text) => /<script|<img|[\u202a-\u202e]/.test(text)))
      })
    )
  )

  it.live("T4 T6 T7 T9 is refused by name when it cannot be kept as it is", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* RealtimeWorld.make()
        const { business, conversation } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        for (const text of [
          "",
          "   \n\t",
          "\u200B",
          "x".repeat(5_001),
          family.repeat(715),
          "a\u0000b",
          "\ud800",
          `a${"\u0301".repeat(500)}`
        ]) {
          const answer = yield* promise(() => acme.ask(message(conversation, text)))
          assertFrame(answer, { type: "error", code: "invalid_frame" })
          assert.deepStrictEqual(answer.type === "error" ? answer.fields?.map(({ field }) => field) : [], [
            "text"
          ])
        }
        const metadata = { ...message(conversation, "x"), metadata: { a: "x".repeat(2_100) } }
        assertFrame(yield* promise(() => acme.ask(metadata)), { type: "error", code: "invalid_frame" })
        assert.lengthOf(acme.durable, 0)
      })
    )
  )
})

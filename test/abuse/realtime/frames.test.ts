import { once } from "node:events"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { RawSocket } from "../../realtime/RawSocket.ts"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"
import type { TestSocket } from "../../realtime/TestSocket.ts"

const { message } = RealtimeWorld
const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)
const code = (socket: TestSocket) =>
  Effect.map(
    promise(() => socket.closed),
    (closed) => closed.code
  )

type World = Effect.Success<ReturnType<typeof RealtimeWorld.make>>
const withWorld = <A, E, R>(
  test: (world: World) => Effect.Effect<A, E, R>,
  settings?: Parameters<typeof RealtimeWorld.make>[0]
) => Effect.scoped(Effect.flatMap(RealtimeWorld.make(settings), test))

const rawSocket = Effect.fnUntraced(function* (world: World, userId: string) {
  const raw = new RawSocket(world.port, yield* promise(() => world.token(userId)))
  yield* Effect.addFinalizer(() => Effect.sync(() => raw.socket.destroy()))
  yield* promise(() => raw.upgraded)
  return raw
})

describe("what is sent to a socket", () => {
  it.live("W11 W14 H5 H6 T5 T6 T7 answers what is no frame with an error, and lives", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation } = yield* world.pair
        const socket = yield* world.connect(business.userId)
        const send = message(conversation, "x")
        const bad: ReadonlyArray<readonly [string, string, string?]> = [
          ["", "invalid_frame"],
          ["{", "invalid_frame"],
          ["[]", "invalid_frame"],
          ["null", "invalid_frame"],
          ["[".repeat(60_000), "invalid_frame"],
          ["{}", "invalid_frame", "type"],
          [`{"type":"ping","id":{}}`, "invalid_frame", "id"],
          [`{"type":"nothing"}`, "unknown_type"],
          [`{"type":"__proto__"}`, "unknown_type"],
          [`{"type":"constructor"}`, "unknown_type"],
          [`{"type":"user_online","userId":"wanda"}`, "unknown_type"],
          [`{"type":"user_offline","userId":"wanda"}`, "unknown_type"],
          [
            `{"type":"typing_start","conversationId":"${conversation}","userId":"wanda"}`,
            "invalid_frame",
            "userId"
          ],
          [`{"type":"ping","__proto__":{"id":"x"}}`, "invalid_frame", "__proto__"],
          [JSON.stringify({ ...send, seq: 7 }), "invalid_frame", "seq"],
          [JSON.stringify({ ...send, sender: "wanda" }), "invalid_frame", "sender"],
          [JSON.stringify({ ...send, text: "\ud800" }), "invalid_frame", "text"],
          [JSON.stringify({ ...send, text: "a\u0000b" }), "invalid_frame", "text"],
          [JSON.stringify({ ...send, text: ["x"] }), "invalid_frame", "text"],
          [JSON.stringify({ ...send, conversationId: "../../admin" }), "invalid_frame", "conversationId"],
          [
            JSON.stringify({ type: "mark_read", conversationId: conversation, upTo: "12" }),
            "invalid_frame",
            "upTo"
          ],
          [
            `{"type":"ack_delivered","conversationId":"${conversation}","upTo":1e400}`,
            "invalid_frame",
            "upTo"
          ]
        ]
        for (const [n, [text, expected, field]] of bad.entries()) {
          socket.raw(text)
          yield* promise(() => socket.when(() => socket.of("error").length === n + 1))
          const error = socket.of("error")[n]
          assert.strictEqual(error?.code, expected, text.slice(0, 80))
          if (field === undefined) continue
          assert.isTrue(
            (error?.fields ?? []).some((each) => each.field === field),
            text.slice(0, 80)
          )
        }
        yield* promise(() => socket.settled())
        assert.lengthOf(socket.durable, 0)
        assert.notProperty({}, "id")
      })
    )
  )

  it.live("W6 closes 1009 at one byte too many, and at the claim of a hundred million", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business } = yield* world.pair
        const [fits, over] = [yield* world.connect(business.userId), yield* world.connect(business.userId)]
        const padded = (length: number) => `{"type":"ping","id":"a"${" ".repeat(length - 24)}}`
        fits.raw(padded(64 * 1024))
        yield* promise(() => fits.frame(({ type }) => type === "pong"))
        over.raw(padded(64 * 1024 + 1))
        assert.strictEqual(yield* code(over), 1009)
        const huge = yield* rawSocket(world, business.userId)
        huge.write({ opcode: 1, claims: 100_000_000, payload: Buffer.alloc(1_000) })
        assert.strictEqual(yield* promise(() => huge.closeCode), 1009)
      })
    )
  )

  it.live("W7 closes who sends one message in 20,000 pieces", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business } = yield* world.pair
        const raw = yield* rawSocket(world, business.userId)
        raw.write({ opcode: 1, fin: false, payload: Buffer.from("{") })
        for (let n = 0; n < 20_000; n += 1) raw.write({ opcode: 0, fin: false, payload: Buffer.from(" ") })
        assert.strictEqual(yield* promise(() => raw.closeCode), 1008)
      })
    )
  )

  it.live("W8 closes broken framing by the protocol's own codes, and binary by 1003", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business } = yield* world.pair
        const ping = Buffer.from(`{"type":"ping"}`)
        const broken = [
          [{ opcode: 1, payload: ping, masked: false }, 1002],
          [{ opcode: 1, payload: ping, reserved: 0x40 }, 1002],
          [{ opcode: 3, payload: ping }, 1002],
          [{ opcode: 9, payload: Buffer.alloc(126) }, 1002],
          [{ opcode: 9, fin: false }, 1002],
          [{ opcode: 0, payload: ping }, 1002],
          [{ opcode: 1, payload: Buffer.from([0xc3, 0x28]) }, 1007],
          [{ opcode: 2, payload: ping }, 1003]
        ] as const
        for (const [frame, expected] of broken) {
          const raw = yield* rawSocket(world, business.userId)
          raw.write(frame)
          assert.strictEqual(yield* promise(() => raw.closeCode), expected, JSON.stringify(frame))
        }
      })
    )
  )

  it.live("W9 closes floods of frames and of pings with 4429, and leaves others alone", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, worker } = yield* world.pair
        const neighbour = yield* world.connect(worker.userId)
        const flood = yield* world.connect(business.userId)
        for (let n = 0; n < 10_000; n += 1) flood.post({ type: "ping" })
        assert.strictEqual(yield* code(flood), 4429)
        assert.isAtMost(flood.of("pong").length, 200)
        const pinger = yield* world.connect(business.userId)
        const pinging = promise(async () => {
          // One after the other: ws itself cuts who sends many at once.
          while (pinger.socket.readyState === pinger.socket.OPEN) {
            const answered = once(pinger.socket, "pong")
            pinger.socket.ping()
            await Promise.race([answered, pinger.closed])
          }
        })
        yield* pinging
        assert.strictEqual(yield* code(pinger), 4429)
        const storm = yield* world.connect(business.userId)
        for (let n = 0; n < 10_000; n += 1) storm.socket.ping()
        yield* code(storm)
        yield* promise(() => neighbour.settled())
      })
    )
  )

  const typingPair = Effect.fnUntraced(function* (world: World) {
    const { business, conversation, worker } = yield* world.pair
    const wanda = yield* world.connect(worker.userId)
    const typist = yield* world.connect(business.userId)
    for (const socket of [wanda, typist]) {
      yield* promise(() => socket.ask({ type: "join_conversation", conversationId: conversation }))
    }
    return { frame: { type: "typing_start", conversationId: conversation } as const, typist, wanda }
  })

  it.live("W9 closes who types a thousand times a second, and leaves the other alone", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { frame, typist, wanda } = yield* typingPair(world)
        for (let n = 0; n < 1_000; n += 1) typist.post(frame)
        assert.strictEqual(yield* code(typist), 4429)
        yield* promise(() => wanda.frame(({ type }) => type === "user_offline"))
        const told = wanda.of("user_typing").map(({ typing }) => typing)
        assert.include([[].join(), [true, false].join()], told.join())
      })
    )
  )

  it.live("W9 tells the other once a second of whoever types as fast as they are let", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { frame, typist, wanda } = yield* typingPair(world)
        const begun = performance.now()
        for (let n = 0; n < 300; n += 1) yield* promise(() => typist.ask(frame))
        const seconds = (performance.now() - begun) / 1_000
        yield* promise(() => typist.ask({ ...frame, type: "typing_stop" }))
        yield* promise(() => wanda.frame((told) => told.type === "user_typing" && !told.typing))
        const told = wanda.of("user_typing").filter(({ typing }) => typing)
        assert.isAtLeast(told.length, 1)
        assert.isAtMost(told.length, 1 + seconds)
      }),
      { framesPerSecond: 1_000_000, frameBurst: 1_000_000 }
    )
  )

  it.live("W9 R4 closes who pipelines more than may wait, and saves what it began", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const wanda = yield* world.connect(worker.userId)
        const eager = yield* world.connect(business.userId)
        for (let n = 0; n < 500; n += 1) eager.post(message(conversation, `${n}`))
        assert.strictEqual(yield* code(eager), 4429)
        const after = yield* world.connect(business.userId)
        yield* promise(() => after.ask(message(conversation, "last")))
        yield* promise(() => wanda.when(() => wanda.of("message_received").at(-1)?.text === "last"))
        const got = wanda.of("message_received").map(({ seq }) => seq)
        assert.deepStrictEqual(
          got,
          got.map((_, i) => i + 1)
        )
        for (const { seq, clientMessageId } of eager.of("message_sent")) {
          assert.isTrue(seq <= got.length, clientMessageId)
        }
      }),
      { framesPerSecond: 1_000_000, frameBurst: 1_000_000 }
    )
  )

  it.live("F27 cuts who does not answer pings by the second one", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, worker } = yield* world.pair
        const answering = yield* world.connect(worker.userId)
        const mute = yield* rawSocket(world, business.userId)
        const begun = performance.now()
        yield* promise(() => mute.gone)
        assert.isBelow(performance.now() - begun, 4_000)
        yield* promise(() => answering.settled())
      }),
      { pingEvery: 1_000 }
    )
  )

  it.live("closes who refuses to be closed", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business } = yield* world.pair
        const raw = yield* rawSocket(world, business.userId)
        raw.write({ opcode: 2 })
        assert.strictEqual(yield* promise(() => raw.closeCode), 1003)
        yield* promise(() => raw.gone)
        // The server's own end hears of it a moment later.
        while (world.sessions.open.size > 0) yield* Effect.sleep("5 millis")
      }),
      { closeWithin: 500 }
    )
  )
})

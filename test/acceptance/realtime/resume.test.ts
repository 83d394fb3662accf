import { assert, describe, it } from "@effect/vitest"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect } from "effect"
import { assertFrame } from "../../realtime/AssertFrame.ts"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"
import type { DurableFrame, FrameOf, TestSocket } from "../../realtime/TestSocket.ts"

const { message, sending } = RealtimeWorld

const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)
const positions = (socket: TestSocket) => socket.durable.map(({ pos }) => pos)
const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => i + from)

const withWorld = <A, E, R>(
  test: (world: Effect.Success<ReturnType<typeof RealtimeWorld.make>>) => Effect.Effect<A, E, R>
) => Effect.scoped(Effect.flatMap(RealtimeWorld.make(), test))

const cursorAt = (frame: DurableFrame | undefined) => {
  if (frame === undefined) throw new Error("nothing to resume from")
  const { conversationId, pos, tag } = frame
  return { conversationId, pos, tag }
}
const nothingOf = (conversationId: ConversationId) => ({ conversationId, pos: 0 })

const resumed = (
  socket: TestSocket,
  frame: Omit<Parameters<TestSocket["ask"]>[0] & { type: "resume" }, "type">
) =>
  Effect.map(
    promise(() => socket.ask({ type: "resume", ...frame })),
    (answer): FrameOf<"resumed"> => {
      if (answer.type !== "resumed") throw new Error(JSON.stringify(answer))
      return answer
    }
  )

describe("resuming", () => {
  it.live("3.6 whoever comes back gets all they missed, in order, then what is new, each once", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        const before = yield* world.connect(worker.userId)
        for (let n = 1; n <= 3; n += 1) yield* promise(() => acme.ask(message(conversation, `text ${n}`)))
        yield* promise(() => before.when(() => before.durable.length === 3))
        before.socket.terminate()
        for (let n = 4; n <= 30; n += 1) acme.post(message(conversation, `text ${n}`))
        yield* promise(() => acme.when(() => acme.durable.length === 30))

        const after = yield* world.connect(worker.userId)
        const answer = yield* resumed(after, { conversations: [cursorAt(before.durable.at(-1))] })
        assertFrame(answer, {
          conversations: [
            {
              conversationId: conversation,
              state: "live",
              pos: 31,
              tag: acme.durable.at(-1)?.tag,
              head: 31,
              unread: 30
            }
          ]
        })
        assert.deepStrictEqual(positions(after), upTo(31, 5))
        yield* promise(() => after.frame(({ type }) => type === "unread_total"))
        assertFrame(after.of("unread_total")[0], { unread: 30 })
        yield* promise(() => acme.ask(message(conversation, "and live")))
        yield* promise(() => after.when(() => after.durable.length === 28))
        assert.deepStrictEqual(positions(after), upTo(32, 5))
        assert.deepStrictEqual(
          after.of("message_received").map(({ text }) => text),
          [...upTo(30, 4).map((n) => `text ${n}`), "and live"]
        )
      })
    )
  )

  it.live("3.6 between what was missed and what comes meanwhile there is no gap and no repeat", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        let sent = 0
        const talking = yield* Effect.forkScoped(
          Effect.forever(
            Effect.suspend(() => world.send(sending(business.subject, conversation, `text ${++sent}`)))
          )
        )
        // A resume brings 200 events, so it must begin again before there are more.
        for (let round = 0; round < 5 && (acme.durable.at(-1)?.pos ?? 0) < 180; round += 1) {
          const wanda = yield* world.connect(worker.userId)
          const { conversations } = yield* resumed(wanda, { conversations: [nothingOf(conversation)] })
          const [told] = conversations
          if (told?.state !== "live") return assert.fail(JSON.stringify(told))
          // What came before the resume was sent is known to the client from elsewhere; from here on it is all there.
          const from = wanda.durable.findIndex(({ pos }) => pos === 1)
          yield* promise(() => wanda.when(() => (wanda.durable.at(-1)?.pos ?? 0) > told.pos + 3))
          const got = wanda.durable.slice(from).map(({ pos }) => pos)
          assert.deepStrictEqual(got, upTo(got.length), `round ${round}`)
          wanda.socket.terminate()
        }
        talking.interruptUnsafe()
      })
    )
  )

  it.live("I6 what a resume says is unread is never older than what was said before", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const wanda = yield* world.connect(worker.userId)
        const told = (socket: TestSocket) =>
          socket.frames.flatMap((frame) =>
            frame.type === "unread_count"
              ? [frame.unread]
              : frame.type === "resumed"
                ? frame.conversations.flatMap((each) => ("unread" in each ? [each.unread] : []))
                : []
          )
        for (let n = 1; n <= 100; n += 1)
          yield* world.send(sending(business.subject, conversation, `text ${n}`))
        // Each time another device comes back at the moment that the first one reads.
        for (let round = 1; round <= 8; round += 1) {
          yield* world.send(sending(business.subject, conversation, "once more"))
          const other = yield* world.connect(worker.userId)
          other.post({ type: "resume", conversations: [nothingOf(conversation)] })
          yield* Effect.sleep(round % 5)
          yield* promise(() => wanda.ask({ type: "mark_read", conversationId: conversation, upTo: "all" }))
          yield* promise(() => other.frame(({ type }) => type === "resumed"))
          yield* promise(() => other.when(() => other.of("message_read").length >= round))
          yield* promise(() => other.settled())
          assert.strictEqual(told(other).at(-1), 0, `round ${round}: ${told(other)}`)
          other.socket.terminate()
        }
      })
    )
  )

  it.live("W12 a cursor that the log does not know is answered with resync, a stranger's with nothing", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const foreign = yield* world.pair
        const acme = yield* world.connect(business.userId)
        for (let n = 1; n <= 3; n += 1) yield* promise(() => acme.ask(message(conversation, `text ${n}`)))
        const wanda = yield* world.connect(worker.userId)
        const tag = "0123456789abcdef"
        for (const pos of [2, 4, 5, 1_000_000]) {
          const { conversations } = yield* resumed(wanda, {
            conversations: [{ conversationId: conversation, pos, tag }]
          })
          assert.deepStrictEqual(conversations, [{ conversationId: conversation, state: "resync" }], `${pos}`)
        }
        const { conversations } = yield* resumed(wanda, {
          conversations: [
            nothingOf(foreign.conversation),
            { conversationId: foreign.conversation.replace(/^./, "0") as ConversationId, pos: 3, tag }
          ]
        })
        assert.deepStrictEqual(
          conversations.map(({ state }) => state),
          ["not_found", "not_found"]
        )
        assert.lengthOf(wanda.durable, 0)
      })
    )
  )

  it.live("tells of conversations that the client has never seen", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const other = yield* world.converse(business, yield* world.person("another"))
        const acme = yield* world.connect(business.userId)
        yield* promise(() => acme.ask(message(conversation, "text")))
        const wanda = yield* world.connect(worker.userId)
        const known = yield* resumed(acme, { conversations: [nothingOf(conversation)], others: true })
        assert.deepStrictEqual(
          known.others?.map(({ conversationId, pos, unread }) => ({ conversationId, pos, unread })),
          [{ conversationId: other, pos: 1, unread: 0 }]
        )
        const theirs = yield* resumed(wanda, { conversations: [], others: true })
        assert.deepStrictEqual(
          theirs.others?.map(({ conversationId, pos, unread }) => ({ conversationId, pos, unread })),
          [{ conversationId: conversation, pos: 2, unread: 1 }]
        )
        assert.notProperty(yield* resumed(wanda, { conversations: [] }), "others")
      })
    )
  )

  it.live("brings a bounded number of events at once, and the rest when asked again", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        yield* Effect.forEach(
          upTo(300),
          (n) => world.send(sending(business.subject, conversation, `text ${n}`)),
          { concurrency: 100, discard: true }
        )
        const wanda = yield* world.connect(worker.userId)
        const first = yield* resumed(wanda, { conversations: [nothingOf(conversation)] })
        assertFrame(first, {
          conversations: [
            {
              conversationId: conversation,
              state: "more",
              pos: 200,
              tag: wanda.durable.at(-1)?.tag,
              head: 301,
              unread: 300
            }
          ]
        })
        const next = { type: "resume", conversations: [cursorAt(wanda.durable.at(-1))] } as const
        const tooSoon = yield* promise(() => wanda.ask(next))
        assertFrame(tooSoon, { type: "error", code: "rate_limited" })
        const retryAfter = tooSoon.type === "error" ? (tooSoon.retryAfterMs ?? 0) : 0
        assert.isAtMost(retryAfter, 200)
        yield* Effect.sleep(retryAfter)
        yield* resumed(wanda, next)
        assert.deepStrictEqual(positions(wanda), upTo(301))
      })
    )
  )

  it.live("F7 while the log cannot be read a resume is refused, and live frames go on", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const wanda = yield* world.connect(worker.userId)
        world.faults.log = "away"
        const refused = yield* promise(() =>
          wanda.ask({ type: "resume", conversations: [nothingOf(conversation)] })
        )
        assertFrame(refused, { type: "error", code: "unavailable" })
        yield* world.send(sending(business.subject, conversation, "all the same"))
        yield* promise(() => wanda.when(() => wanda.durable.length === 1))
        world.faults.log = "readable"
        yield* resumed(wanda, { conversations: [nothingOf(conversation)] })
        assert.deepStrictEqual(positions(wanda), [2, 1, 2])
      })
    )
  )
})

describe("acknowledging delivery", () => {
  it.live("NFR-MSG-REL-002 many acknowledgements of many devices are one event, and each is answered", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        const devices = [yield* world.connect(worker.userId), yield* world.connect(worker.userId)]
        for (let n = 1; n <= 10; n += 1) yield* promise(() => acme.ask(message(conversation, `text ${n}`)))
        const answers = yield* promise(() =>
          Promise.all(
            devices.flatMap((device) =>
              upTo(11, 2).map((pos) =>
                device.ask({ type: "ack_delivered", conversationId: conversation, upTo: pos })
              )
            )
          )
        )
        assert.sameMembers([...new Set(answers.map(({ type }) => type))], ["message_delivered"])
        yield* promise(() => acme.settled())
        const told = acme.of("message_delivered")
        assert.deepStrictEqual(
          told.map((frame) => "upToSeq" in frame && frame.upToSeq),
          [10]
        )
      })
    )
  )

  it.live("W11 one of a message that was never sent is refused, and takes no other with it", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        const wanda = yield* world.connect(worker.userId)
        yield* promise(() => acme.ask(message(conversation, "text")))
        const ack = (pos: number) =>
          wanda.ask({ type: "ack_delivered", conversationId: conversation, upTo: pos })
        const [good, bad] = yield* promise(() => Promise.all([ack(2), ack(77)]))
        assertFrame(good, { type: "message_delivered", upToSeq: 1 })
        assertFrame(bad, { type: "error", code: "message_not_found" })
      })
    )
  )
})

import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { assertFrame } from "../../realtime/AssertFrame.ts"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"
import type { TestSocket } from "../../realtime/TestSocket.ts"

const { message, newId, sending } = RealtimeWorld

const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)
const positions = (socket: TestSocket) => socket.durable.map(({ pos }) => pos)
const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => i + from)

const withWorld = <A, E, R>(
  test: (world: Effect.Success<ReturnType<typeof RealtimeWorld.make>>) => Effect.Effect<A, E, R>
) => Effect.scoped(Effect.flatMap(RealtimeWorld.make(), test))

describe("talking over WebSocket", () => {
  it.live(
    "NFR-MSG-REL-001 REL-002 a message is acknowledged, received, delivered and read, in real time",
    () =>
      withWorld(
        Effect.fnUntraced(function* (world) {
          const { business, conversation, worker } = yield* world.pair
          const acme = yield* world.connect(business.userId)
          const wanda = yield* world.connect(worker.userId)

          const clientMessageId = newId()
          const sent = yield* promise(() =>
            acme.ask({ ...message(conversation, "hello <b>you</b>", clientMessageId), metadata: { n: 1 } })
          )
          assertFrame(sent, {
            type: "message_sent",
            id: "ask 1",
            conversationId: conversation,
            clientMessageId,
            messageId: `${conversation}.2`,
            pos: 2,
            seq: 1
          })
          const received = yield* promise(() => wanda.frame(({ type }) => type === "message_received"))
          assertFrame(received, {
            conversationId: conversation,
            messageId: `${conversation}.2`,
            pos: 2,
            seq: 1,
            sender: business.userId,
            kind: "TEXT",
            text: "hello you",
            metadata: { n: 1 }
          })
          assert.notProperty(received, "clientMessageId")
          yield* promise(() => wanda.when(() => wanda.of("unread_count").length === 1))
          assertFrame(wanda.of("unread_count")[0], { conversationId: conversation, unread: 1 })

          const acked = yield* promise(() =>
            wanda.ask({ type: "ack_delivered", conversationId: conversation, upTo: 2 })
          )
          assertFrame(acked, { type: "message_delivered", pos: 3, upToSeq: 1, by: worker.userId })
          const read = yield* promise(() =>
            wanda.ask({ type: "mark_read", conversationId: conversation, upTo: "all" })
          )
          assertFrame(read, { type: "message_read", pos: 4, upToSeq: 1, by: worker.userId })

          const seen = yield* promise(() => acme.frame(({ type }) => type === "message_read"))
          assertFrame(seen, { pos: 4, upToSeq: 1, by: worker.userId })
          assert.notProperty(seen, "id")
          yield* promise(() => wanda.when(() => wanda.of("unread_count").length === 2))
          assertFrame(wanda.of("unread_count")[1], { conversationId: conversation, unread: 0 })
          assert.lengthOf(acme.of("unread_count"), 0)
          assert.deepStrictEqual(positions(acme), [2, 3, 4])
          assert.deepStrictEqual(
            acme.durable.map(({ tag }) => tag),
            wanda.durable.map(({ tag }) => tag)
          )
        })
      )
  )

  it.live("REQ-MSG-005 W15 reading twice changes nothing, and is answered", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const wanda = yield* world.connect(worker.userId)
        yield* world.send(sending(business.subject, conversation, "one"))
        const read = { type: "mark_read", conversationId: conversation, upTo: 2 } as const
        assertFrame(yield* promise(() => wanda.ask(read)), { type: "message_read", pos: 3 })
        const again = { type: "message_read", conversationId: conversation, repeat: true }
        assertFrame(yield* promise(() => wanda.ask(read)), again)
        assertFrame(yield* promise(() => wanda.ask({ ...read, upTo: 1 })), again)
        const ack = { type: "ack_delivered", conversationId: conversation, upTo: 2 } as const
        assertFrame(yield* promise(() => wanda.ask(ack)), { ...again, type: "message_delivered" })
        assert.deepStrictEqual(positions(wanda), [2, 3])
      })
    )
  )

  it.live("W15 every device of a person gets what another one does, each event once", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const [phone, laptop, other] = [
          yield* world.connect(worker.userId),
          yield* world.connect(worker.userId),
          yield* world.connect(business.userId)
        ]
        const clientMessageId = newId()
        yield* promise(() => phone.ask(message(conversation, "from my phone", clientMessageId)))
        yield* promise(() => other.ask(message(conversation, "and back")))
        yield* promise(() => laptop.ask({ type: "mark_read", conversationId: conversation, upTo: "all" }))
        yield* promise(() => phone.frame(({ type }) => type === "message_read"))
        yield* promise(() => other.frame(({ type }) => type === "message_read"))

        assertFrame(laptop.of("message_received")[0], {
          text: "from my phone",
          sender: worker.userId,
          clientMessageId
        })
        for (const socket of [phone, laptop, other]) assert.deepStrictEqual(positions(socket), [2, 3, 4])
        for (const socket of [phone, laptop]) {
          assert.deepStrictEqual(
            socket.of("unread_count").map(({ unread }) => unread),
            [1, 0]
          )
        }
        assert.deepStrictEqual(
          phone.durable.map(({ type }) => type),
          ["message_sent", "message_received", "message_read"]
        )
      })
    )
  )

  it.live("I3 F14 keeps one order for everyone under rapid sends from both sides", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        const wanda = yield* world.connect(worker.userId)
        const tablet = yield* world.connect(worker.userId)
        const each = 100
        // As fast as the protocol allows: 50 a burst, then as answers come.
        const sendAll = async (socket: TestSocket, name: string) => {
          for (let n = 0; n < each; n += 1) {
            socket.post(message(conversation, `${name} ${n}`))
            if (n % 50 === 49) await socket.when(() => socket.of("message_sent").length > n - 10)
          }
        }
        yield* promise(() => Promise.all([sendAll(acme, "acme"), sendAll(wanda, "wanda")]))
        for (const socket of [acme, wanda, tablet]) {
          yield* promise(() => socket.when(() => socket.durable.length === 2 * each))
          assert.deepStrictEqual(positions(socket), upTo(2 * each + 1, 2))
        }
        const told = (socket: TestSocket, name: string) =>
          socket.of("message_received").flatMap(({ text }) => (text?.startsWith(name) ? [text] : []))
        const asSent = (name: string) => upTo(each - 1, 0).map((n) => `${name} ${n}`)
        assert.deepStrictEqual(told(tablet, "acme"), asSent("acme"))
        assert.deepStrictEqual(told(tablet, "wanda"), asSent("wanda"))
        assert.deepStrictEqual(told(acme, "wanda"), asSent("wanda"))
      })
    )
  )

  it.live("F31 W10 H12 a send repeated over two sockets, and later, is one message with one answer", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const one = yield* world.connect(business.userId)
        const two = yield* world.connect(business.userId)
        const wanda = yield* world.connect(worker.userId)
        const frame = message(conversation, "once")
        const answers = yield* promise(() => Promise.all([one.ask(frame), two.ask(frame)]))
        const later = yield* world.connect(business.userId)
        const third = yield* promise(() => later.ask(frame))
        yield* promise(() => wanda.frame(({ type }) => type === "message_received"))

        const facts = [...answers, third].map((answer) =>
          answer.type === "message_sent"
            ? [answer.messageId, answer.pos, answer.tag, answer.seq, answer.sentAt, answer.clientMessageId]
            : assert.fail(JSON.stringify(answer))
        )
        assert.deepStrictEqual(facts[1], facts[0])
        assert.deepStrictEqual(facts[2], facts[0])
        assert.lengthOf(
          answers.filter((answer) => "repeat" in answer),
          1
        )
        assert.propertyVal(third, "repeat", true)
        assert.deepStrictEqual(positions(one), [2])
        assert.deepStrictEqual(positions(two), [2])
        assert.lengthOf(later.durable, 0)
        assert.lengthOf(wanda.of("message_received"), 1)

        const other = yield* promise(() => later.ask({ ...frame, text: "twice" }))
        assertFrame(other, { type: "error", code: "key_reused" })
      })
    )
  )

  it.live("F20 I5 what another program writes arrives through the log, in order and within 2 s", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const wanda = yield* world.connect(worker.userId)
        const acme = yield* world.connect(business.userId)
        const sendElsewhere = yield* world.elsewhere
        const begun = performance.now()
        yield* sendElsewhere(sending(business.subject, conversation, "from the other node"))
        yield* promise(() => wanda.frame(({ type }) => type === "message_received"))
        assert.isBelow(performance.now() - begun, 2_000)
        assertFrame(wanda.of("message_received")[0], {
          text: "from the other node",
          sender: business.userId
        })

        // Both nodes in turn: what this one publishes must not overtake what it has yet to read.
        for (let n = 0; n < 20; n += 1) {
          yield* sendElsewhere(sending(business.subject, conversation, `other ${n}`))
          const answer = yield* promise(() => wanda.ask(message(conversation, `here ${n}`)))
          assert.strictEqual(answer.type, "message_sent")
        }
        for (const socket of [wanda, acme]) {
          yield* promise(() => socket.when(() => socket.durable.length === 41))
          assert.deepStrictEqual(positions(socket), upTo(42, 2))
        }
      })
    )
  )

  it.live("F8 goes on after the database cut all of its connections", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const wanda = yield* world.connect(worker.userId)
        const acme = yield* world.connect(business.userId)
        const sendElsewhere = yield* world.elsewhere
        yield* world.sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()`
        yield* Effect.retry(sendElsewhere(sending(business.subject, conversation, "after the cut")), {
          times: 5
        })
        yield* promise(() => wanda.frame(({ type }) => type === "message_received"))
        yield* promise(() => acme.ask(message(conversation, "here too")))
        yield* promise(() => wanda.when(() => wanda.durable.length === 2))
        assert.deepStrictEqual(positions(wanda), [2, 3])
      })
    )
  )

  it.live("joins with the place where the conversation stands, and goes on from there", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const sent = yield* world.send(sending(business.subject, conversation, "before"))
        const wanda = yield* world.connect(worker.userId)
        const joined = yield* promise(() =>
          wanda.ask({ type: "join_conversation", conversationId: conversation })
        )
        assertFrame(joined, {
          type: "joined",
          conversationId: conversation,
          pos: sent.pos,
          tag: sent.tag,
          status: "ACTIVE",
          seq: 1,
          unread: 1
        })
        yield* world.send(sending(business.subject, conversation, "after"))
        yield* promise(() => wanda.frame(({ type }) => type === "message_received"))
        assert.deepStrictEqual(positions(wanda), [sent.pos + 1])
        assertFrame(
          yield* promise(() => wanda.ask({ type: "leave_conversation", conversationId: conversation })),
          { type: "left", conversationId: conversation }
        )
      })
    )
  )

  it.live("6.5 shows whoever was erased as DELETED_USER, and others by their platform id only", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const wanda = yield* world.connect(worker.userId)
        yield* world.erase(business.userId)
        yield* world.send(sending(business.subject, conversation, "still here"))
        const received = yield* promise(() => wanda.frame(({ type }) => type === "message_received"))
        assert.propertyVal(received, "sender", "DELETED_USER")
        assert.notInclude(JSON.stringify(wanda.frames), business.subject)
        assert.notInclude(JSON.stringify(wanda.frames), worker.subject)
      })
    )
  )
})

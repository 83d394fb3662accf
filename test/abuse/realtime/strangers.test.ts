import { assert, describe, it } from "@effect/vitest"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect } from "effect"
import { assertFrame } from "../../realtime/AssertFrame.ts"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"

const { message, sending } = RealtimeWorld
const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)
const nowhere = ConversationId.make("0190f1a0-0000-8000-8000-00000000000c")

describe("strangers", () => {
  it.live("W5 W11 NFR-MSG-SEC-002 cannot tell another's conversation from none, and hear nothing of it", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* RealtimeWorld.make()
        const { business, conversation, worker } = yield* world.pair
        yield* world.person("eve")
        const eve = yield* world.connect("eve")
        const wanda = yield* world.connect(worker.userId)

        const asked = (conversationId: ConversationId) =>
          [
            { type: "join_conversation", conversationId },
            message(conversationId, "let me in"),
            { type: "mark_read", conversationId, upTo: "all" },
            { type: "mark_read", conversationId, upTo: 1 },
            { type: "mark_read", conversationId, upTo: 99 },
            { type: "ack_delivered", conversationId, upTo: 1 }
          ] as const
        const told = Effect.fnUntraced(function* (conversationId: ConversationId) {
          const answers = []
          for (const frame of asked(conversationId)) answers.push(yield* promise(() => eve.ask(frame)))
          return answers.map((answer) => ({ ...answer, id: "" }))
        })
        const foreign = yield* told(conversation)
        assert.deepStrictEqual(foreign, yield* told(nowhere))
        for (const answer of foreign) assertFrame(answer, { type: "error", code: "conversation_not_found" })

        for (let n = 0; n < 20; n += 1) {
          yield* world.send(sending(business.subject, conversation, `secret ${n}`))
        }
        yield* promise(() => wanda.when(() => wanda.of("message_received").length === 20))
        yield* promise(() => eve.settled())
        assert.lengthOf(eve.durable, 0)
        assert.notInclude(JSON.stringify(eve.frames), "secret")
        assert.lengthOf(wanda.of("message_read"), 0)
        assert.lengthOf(wanda.of("message_delivered"), 0)
      })
    )
  )

  it.live("W11 H15 marks neither what is not there yet nor what one sent oneself", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* RealtimeWorld.make()
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        const wanda = yield* world.connect(worker.userId)
        const { pos } = yield* world.send(sending(business.subject, conversation, "one"))
        for (const type of ["mark_read", "ack_delivered"] as const) {
          const beyond = yield* promise(() =>
            wanda.ask({ type, conversationId: conversation, upTo: pos + 1 })
          )
          assertFrame(beyond, { type: "error", code: "message_not_found" })
        }
        const own = yield* promise(() =>
          acme.ask({ type: "mark_read", conversationId: conversation, upTo: "all" })
        )
        assert.strictEqual(own.type, "message_read")
        yield* promise(() => wanda.settled())
        assert.deepStrictEqual(
          wanda.of("unread_count").map(({ unread }) => unread),
          [1]
        )
      })
    )
  )

  it.live("R6 opens no more conversations on a socket than it may, and counts each once", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* RealtimeWorld.make({ maxJoined: 1 })
        const one = yield* world.pair
        const socket = yield* world.connect(one.business.userId)
        const join = (conversationId: ConversationId) =>
          promise(() => socket.ask({ type: "join_conversation", conversationId }))
        const second = yield* world.converse(one.business, one.worker)
        assertFrame(yield* join(one.conversation), { type: "joined" })
        assertFrame(yield* join(one.conversation), { type: "joined" })
        assertFrame(yield* join(second), { type: "error", code: "too_many_joined" })
        yield* promise(() => socket.ask({ type: "leave_conversation", conversationId: one.conversation }))
        assertFrame(yield* join(second), { type: "joined" })
      })
    )
  )
})

import { assert, describe, it } from "@effect/vitest"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect } from "effect"
import { assertFrame } from "../../realtime/AssertFrame.ts"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"
import type { TestSocket } from "../../realtime/TestSocket.ts"

const { message, sending } = RealtimeWorld
const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)

const withWorld = <A, E, R>(
  test: (world: Effect.Success<ReturnType<typeof RealtimeWorld.make>>) => Effect.Effect<A, E, R>
) => Effect.scoped(Effect.flatMap(RealtimeWorld.make(), test))

const join = (socket: TestSocket, conversationId: ConversationId) =>
  promise(() => socket.ask({ type: "join_conversation", conversationId }))

/** Of somebody's typing, whether it began or ended, in the order told. */
const told = (socket: TestSocket) => socket.of("user_typing").map(({ typing }) => typing)
const until = (socket: TestSocket, ...expected: ReadonlyArray<boolean>) =>
  promise(() => socket.when(() => told(socket).join() === expected.join()))

describe("typing over WebSocket", () => {
  it.live("4.1 NFR-MSG-USAB-001 is seen within 500 ms on every device that joined, and gone after 3 s", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const [acme, phone, laptop, unjoined] = [
          yield* world.connect(business.userId),
          yield* world.connect(worker.userId),
          yield* world.connect(worker.userId),
          yield* world.connect(worker.userId)
        ]
        for (const socket of [acme, phone, laptop]) yield* join(socket, conversation)
        const begun = performance.now()
        acme.post({ type: "typing_start", conversationId: conversation })
        for (const socket of [phone, laptop]) yield* until(socket, true)
        assert.isBelow(performance.now() - begun, 500)
        assertFrame(phone.of("user_typing")[0], {
          type: "user_typing",
          conversationId: conversation,
          userId: business.userId,
          typing: true,
          expiresInMs: 3_000
        })
        for (const socket of [phone, laptop]) yield* until(socket, true, false)
        const lasted = performance.now() - begun
        assert.isAtLeast(lasted, 2_990)
        assert.isBelow(lasted, 4_000)
        assert.notProperty(phone.of("user_typing")[1], "expiresInMs")
        for (const socket of [acme, unjoined]) {
          yield* promise(() => socket.settled())
          assert.deepStrictEqual(told(socket), [])
        }
      })
    )
  )

  it.live("4.1 ends at once when it is stopped, with a message on any way, and with the socket", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        const wanda = yield* world.connect(worker.userId)
        for (const socket of [acme, wanda]) yield* join(socket, conversation)
        const begun = performance.now()
        const start = { type: "typing_start", conversationId: conversation } as const

        assertFrame(yield* promise(() => acme.ask(start)), { userId: business.userId, typing: true })
        const stopped = yield* promise(() => acme.ask({ ...start, type: "typing_stop" }))
        assertFrame(stopped, { userId: business.userId, typing: false })
        yield* until(wanda, true, false)

        acme.post(start)
        yield* until(wanda, true, false, true)
        acme.post(message(conversation, "there"))
        yield* until(wanda, true, false, true, false)

        acme.post(start)
        yield* until(wanda, true, false, true, false, true)
        yield* world.send(sending(business.subject, conversation, "over another interface"))
        yield* until(wanda, true, false, true, false, true, false)

        acme.post(start)
        yield* until(wanda, true, false, true, false, true, false, true)
        acme.socket.terminate()
        yield* until(wanda, true, false, true, false, true, false, true, false)

        assert.isBelow(performance.now() - begun, 2_900, "nothing of this ended by itself")
        assert.deepStrictEqual(
          wanda.frames.flatMap(({ type }) =>
            type === "message_received" || type === "user_typing" ? [type] : []
          ),
          [
            ...["user_typing", "user_typing"],
            ...["user_typing", "message_received", "user_typing"],
            ...["user_typing", "message_received", "user_typing"],
            ...["user_typing", "user_typing"]
          ]
        )
      })
    )
  )

  it.live("W5 W9 is for the two people, in what the socket joined", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        yield* world.person("eve")
        const eve = yield* world.connect("eve")
        const acme = yield* world.connect(business.userId)
        const wanda = yield* world.connect(worker.userId)
        yield* join(wanda, conversation)
        for (const socket of [eve, acme]) {
          for (const type of ["typing_start", "typing_stop"] as const) {
            const answer = yield* promise(() => socket.ask({ type, conversationId: conversation }))
            assertFrame(answer, { type: "error", code: "conversation_not_found" })
          }
        }
        yield* join(acme, conversation)
        acme.post({ type: "typing_start", conversationId: conversation })
        yield* until(wanda, true)
        const left = { type: "leave_conversation", conversationId: conversation } as const
        yield* promise(() => acme.ask(left))
        yield* until(wanda, true, false)
        yield* promise(() => wanda.ask(left))
        yield* join(acme, conversation)
        yield* promise(() => acme.ask({ type: "typing_start", conversationId: conversation }))
        yield* promise(() => wanda.settled())
        assert.deepStrictEqual(told(wanda), [true, false])
      })
    )
  )
})

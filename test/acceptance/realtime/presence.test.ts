import { assert, describe, it } from "@effect/vitest"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect } from "effect"
import { assertFrame } from "../../realtime/AssertFrame.ts"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"
import type { TestSocket } from "../../realtime/TestSocket.ts"

const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)

const withWorld = <A, E, R>(
  test: (world: Effect.Success<ReturnType<typeof RealtimeWorld.make>>) => Effect.Effect<A, E, R>,
  settings?: Parameters<typeof RealtimeWorld.make>[0]
) => Effect.scoped(Effect.flatMap(RealtimeWorld.make(settings), test))

const join = (socket: TestSocket, conversationId: ConversationId) =>
  promise(() => socket.ask({ type: "join_conversation", conversationId }))

/** What a socket was told of people's coming and going. */
const told = (socket: TestSocket) =>
  socket.frames.flatMap((frame) =>
    frame.type === "user_online" || frame.type === "user_offline" ? [`${frame.type} ${frame.userId}`] : []
  )

const until = (socket: TestSocket, ...expected: ReadonlyArray<string>) =>
  promise(() => socket.when(() => told(socket).join() === expected.join()))

describe("presence over WebSocket", () => {
  it.live("3.8 4.2 tells who joined at once how it stands, and then of each change", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        assertFrame(yield* join(acme, conversation), {
          type: "joined",
          other: { userId: worker.userId, online: false, lastSeenAt: null }
        })
        const begun = Date.now()
        const phone = yield* world.connect(worker.userId)
        yield* until(acme, `user_online ${worker.userId}`)
        phone.socket.close()
        yield* until(acme, `user_online ${worker.userId}`, `user_offline ${worker.userId}`)
        const [offline] = acme.of("user_offline")
        const lastSeenAt = Date.parse(offline?.lastSeenAt ?? "")
        assert.isAtLeast(lastSeenAt, begun)
        assert.isAtMost(lastSeenAt, Date.now())

        const later = yield* world.connect(business.userId)
        assertFrame(yield* join(later, conversation), {
          other: { userId: worker.userId, online: false, lastSeenAt: offline?.lastSeenAt }
        })
      })
    )
  )

  it.live("4.2 a person is there while one of their devices is, and a reload is no change", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        yield* join(acme, conversation)
        const phone = yield* world.connect(worker.userId)
        const laptop = yield* world.connect(worker.userId)
        yield* until(acme, `user_online ${worker.userId}`)
        phone.socket.close()
        yield* promise(() => phone.closed)
        laptop.socket.close()
        yield* promise(() => laptop.closed)
        const reloaded = yield* world.connect(worker.userId)
        // Longer than the grace: whoever was given up would be told of by now.
        yield* Effect.sleep(2 * RealtimeWorld.grace)
        yield* promise(() => acme.settled())
        assert.deepStrictEqual(told(acme), [`user_online ${worker.userId}`])
        reloaded.socket.terminate()
        yield* until(acme, `user_online ${worker.userId}`, `user_offline ${worker.userId}`)
      })
    )
  )

  it.live("3.2 W5 is told only where it was joined, until it is left, and to nobody else", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const second = yield* world.converse(business, worker)
        yield* world.person("eve")
        const eve = yield* world.connect("eve")
        assertFrame(yield* join(eve, conversation), { type: "error", code: "conversation_not_found" })
        const unjoined = yield* world.connect(business.userId)
        const acme = yield* world.connect(business.userId)
        const both = yield* world.connect(business.userId)
        yield* join(acme, conversation)
        yield* join(both, conversation)
        yield* join(both, second)

        const wanda = yield* world.connect(worker.userId)
        yield* until(acme, `user_online ${worker.userId}`)
        yield* promise(() => acme.ask({ type: "leave_conversation", conversationId: conversation }))
        yield* promise(() => both.ask({ type: "leave_conversation", conversationId: conversation }))
        wanda.socket.close()
        yield* until(both, `user_online ${worker.userId}`, `user_offline ${worker.userId}`)
        for (const socket of [eve, unjoined, acme]) yield* promise(() => socket.settled())
        assert.deepStrictEqual(told(acme), [`user_online ${worker.userId}`])
        assert.deepStrictEqual([...told(eve), ...told(unjoined)], [])
      })
    )
  )

  it.live("F27 goes offline with a socket that answers no pings, and W4 with those of the suspended", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        yield* join(acme, conversation)
        const wanda = yield* world.connect(worker.userId)
        yield* until(acme, `user_online ${worker.userId}`)
        wanda.socket.pause()
        yield* until(acme, `user_online ${worker.userId}`, `user_offline ${worker.userId}`)
        const again = yield* world.connect(worker.userId)
        yield* promise(() => acme.when(() => told(acme).length === 3))
        yield* world.people.put(worker.userId, { ...worker, status: "suspended" })
        yield* promise(() => again.closed)
        yield* promise(() => acme.when(() => told(acme).length === 4))
        assert.strictEqual(told(acme).at(-1), `user_offline ${worker.userId}`)
      }),
      { pingEvery: 500 }
    )
  )

  it.live("tells nothing of who was erased", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        yield* world.erase(worker.userId)
        assertFrame(yield* join(acme, conversation), { type: "joined", other: null })
      })
    )
  )
})

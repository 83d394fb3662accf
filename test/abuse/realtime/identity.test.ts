import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { assertFrame } from "../../realtime/AssertFrame.ts"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"
import type { TestSocket } from "../../realtime/TestSocket.ts"

const { message, sending } = RealtimeWorld
const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)
const code = (socket: TestSocket) =>
  Effect.map(
    promise(() => socket.closed),
    (closed) => closed.code
  )

const withWorld = <A, E, R>(
  test: (world: Effect.Success<ReturnType<typeof RealtimeWorld.make>>) => Effect.Effect<A, E, R>
) => Effect.scoped(Effect.flatMap(RealtimeWorld.make(), test))

describe("whose socket it is", () => {
  it.live("W3 closes whoever says nothing, or everything but who they are, after 5 s", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { conversation } = yield* world.pair
        const silent = world.open()
        const talkative = world.open()
        yield* promise(() => Promise.all([silent.opened, talkative.opened]))
        const begun = performance.now()
        for (const frame of [
          message(conversation, "let me in"),
          { type: "join_conversation", conversationId: conversation },
          { type: "mark_read", conversationId: conversation, upTo: "all" },
          { type: "mark_read" }
        ]) {
          talkative.raw(JSON.stringify({ ...frame, id: "x" }))
        }
        yield* promise(() => talkative.when(() => talkative.of("error").length === 4))
        for (const error of talkative.of("error")) assertFrame(error, { id: "x", code: "unauthenticated" })
        assertFrame(yield* promise(() => talkative.ask({ type: "ping" })), { type: "pong" })
        assert.deepStrictEqual(yield* Effect.all([code(silent), code(talkative)]), [4401, 4401])
        const took = performance.now() - begun
        assert.isTrue(took > 4_500 && took < 6_500, `${took} ms`)
        assert.lengthOf(talkative.durable, 0)
      })
    )
  )

  it.live("W2 lets in by the first frame, and closes at the first bad token", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { worker } = yield* world.pair
        const token = yield* promise(() => world.token(worker.userId))
        const socket = world.open()
        yield* promise(() => socket.opened)
        const answer = yield* promise(() => socket.ask({ type: "authenticate", token }))
        assertFrame(answer, { type: "authenticated", userId: worker.userId })

        for (const bad of [`${token}x`, "", "a.b.c"]) {
          const guesser = world.open()
          yield* promise(() => guesser.opened)
          assertFrame(yield* promise(() => guesser.ask({ type: "authenticate", token: bad })), {
            type: "error",
            code: "unauthenticated"
          })
          assert.strictEqual(yield* code(guesser), 4401)
        }
      })
    )
  )

  it.live("W4 ends with the token, unless a newer one of the same person came", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        // Tokens are tolerated for 20 s after their time, so these two have about 2 s left.
        const short = () => promise(() => world.token(worker.userId, -18))
        const ending = world.open({ token: yield* short() })
        const renewed = world.open({ token: yield* short() })
        yield* promise(() => Promise.all([ending.opened, renewed.opened]))
        const [fresh, stranger] = yield* promise(() =>
          Promise.all([world.token(worker.userId), world.token(business.userId)])
        )
        assertFrame(yield* promise(() => renewed.ask({ type: "authenticate", token: stranger })), {
          type: "error",
          code: "forbidden"
        })
        assertFrame(yield* promise(() => renewed.ask({ type: "authenticate", token: "a.b.c" })), {
          type: "error",
          code: "unauthenticated"
        })
        assertFrame(yield* promise(() => renewed.ask({ type: "authenticate", token: fresh })), {
          type: "authenticated",
          userId: worker.userId
        })
        assert.strictEqual(yield* code(ending), 4401)
        yield* world.send(sending(business.subject, conversation, "after"))
        yield* promise(() => renewed.frame(({ type }) => type === "message_received"))
        assert.lengthOf(ending.durable, 0)
      })
    )
  )

  for (const [what, end] of [
    ["suspended", "suspended"],
    ["signed out everywhere", "signed-out"]
  ] as const) {
    it.live(`W4 J8 closes every socket of who is ${what} within 5 s, and delivers nothing after`, () =>
      withWorld(
        Effect.fnUntraced(function* (world) {
          const { business, conversation, worker } = yield* world.pair
          const sockets = [yield* world.connect(worker.userId), yield* world.connect(worker.userId)]
          const other = yield* world.connect(business.userId)
          const begun = performance.now()
          if (end === "suspended") {
            yield* world.people.put(worker.userId, { ...worker, status: "suspended" })
          } else yield* world.people.signOut(worker.userId)
          for (const socket of sockets) assert.strictEqual(yield* code(socket), 4401)
          assert.isBelow(performance.now() - begun, 5_000)
          assertFrame(yield* promise(() => other.ask(message(conversation, "are you there?"))), {
            type: "message_sent"
          })
          for (const socket of sockets) assert.lengthOf(socket.durable, 0)
        })
      )
    )
  }

  it.live("W13 has room for 50 sockets of one person, and closes the newest beyond", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, worker } = yield* world.pair
        const sockets = yield* Effect.all(
          Array.from({ length: 50 }, () => world.connect(worker.userId)),
          { concurrency: 10 }
        )
        const token = yield* promise(() => world.token(worker.userId))
        assert.strictEqual(yield* code(world.open({ token })), 4413)
        yield* world.connect(business.userId)
        const [first, second] = sockets
        first?.socket.close()
        if (first !== undefined) yield* code(first)
        yield* world.connect(worker.userId)
        if (second !== undefined) yield* promise(() => second.settled())
      })
    )
  )
})

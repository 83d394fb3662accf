import type { FollowedFrame } from "@indelible/api/realtime/UnknownFrame"
import type { ConnectedCalls } from "@indelible/api/rpc/RpcClients"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { positionText } from "@indelible/server/answers/Positions"
import { Effect, Fiber, Stream } from "effect"
import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { TestSocket } from "../../realtime/TestSocket.ts"
import * as Callers from "../../rpc/Callers.ts"

const world = HttpWorld.forThisFile()
const callers = Callers.forThisFile(world)

type Asked = Parameters<ConnectedCalls["Follow"]>[0]

/** What one stream brought, and how it ended. */
const following = (calls: ConnectedCalls, asked: Asked = {}) => {
  const frames: Array<FollowedFrame> = []
  const waiters = new Set<() => void>()
  const fiber = Effect.runFork(
    Effect.flip(
      Stream.runForEach(calls.Follow(asked), (frame) =>
        Effect.sync(() => {
          frames.push(frame)
          for (const wake of waiters) wake()
        })
      )
    )
  )
  return {
    frames,
    when: (holds: () => boolean): Promise<void> =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(JSON.stringify(frames.slice(-3)))), 10_000)
        const wake = () => {
          if (!holds()) return
          clearTimeout(timer)
          waiters.delete(wake)
          resolve()
        }
        waiters.add(wake)
        wake()
      }),
    /** The code of the problem that ended it. */
    ended: async () => {
      const failure = await Effect.runPromise(Fiber.join(fiber))
      return typeof failure === "object" && failure !== null && "_tag" in failure ? failure._tag : failure
    },
    stop: () => Effect.runPromise(Fiber.interrupt(fiber))
  }
}

const send = (calls: ConnectedCalls, conversationId: ConversationId, text: string) =>
  Effect.runPromise(
    calls.SendMessage({
      conversationId,
      clientMessageId: ClientMessageId.make(crypto.randomUUID()),
      text
    })
  )

const setUp = async () => {
  const { id, userIds } = await world().talk()
  const tokens = {
    business: await world().signIn(userIds.business),
    worker: await world().signIn(userIds.worker)
  }
  return {
    conversationId: id,
    userIds,
    tokens,
    business: await callers.overWebSocket(tokens.business),
    worker: await callers.overWebSocket(tokens.worker)
  }
}

const durable = (frames: ReadonlyArray<FollowedFrame>) =>
  frames.flatMap((frame) =>
    "pos" in frame &&
    "tag" in frame &&
    frame.type !== "unknown" &&
    frame.type !== "joined" &&
    !("repeat" in frame)
      ? [frame]
      : []
  )

const positions = (frames: ReadonlyArray<FollowedFrame>) => durable(frames).map(({ pos }) => pos)

describe("following", () => {
  it("brings to both people, live, exactly what a socket of theirs gets", async () => {
    const { business, conversationId, tokens, worker } = await setUp()
    const socket = new TestSocket(world().port, { token: tokens.worker })
    await socket.frame(({ type }) => type === "authenticated")
    const theirs = following(worker)
    const mine = following(business)
    await theirs.when(() => theirs.frames.length > 0)
    await mine.when(() => mine.frames.length > 0)
    assert.strictEqual(theirs.frames[0]?.type, "authenticated")
    for (const text of ["one", "two", "three"]) await send(business, conversationId, text)
    await theirs.when(() => durable(theirs.frames).length === 3)
    await mine.when(() => durable(mine.frames).length === 3)
    await socket.when(() => socket.durable.length === 3)
    assert.deepStrictEqual(durable(theirs.frames), [...socket.durable])
    for (const frame of durable(mine.frames)) {
      assert.strictEqual(frame.type, "message_received")
      // As the sender's other devices have it.
      assert.property(frame, "clientMessageId")
    }
    for (const frame of durable(theirs.frames)) assert.notProperty(frame, "clientMessageId")
    socket.socket.close()
    await theirs.stop()
    await mine.stop()
  })

  it("3.6 goes on from a cursor, without a gap or a repeat between what was missed and what is live", async () => {
    const { business, conversationId, worker } = await setUp()
    const first = following(worker)
    await first.when(() => first.frames.length > 0)
    await send(business, conversationId, "held")
    await first.when(() => durable(first.frames).length === 1)
    const [held] = durable(first.frames)
    await first.stop()
    if (held === undefined || !("tag" in held)) throw new Error("no cursor")
    for (let n = 0; n < 20; n += 1) await send(business, conversationId, `missed ${n}`)
    const talking = (async () => {
      for (let n = 0; n < 20; n += 1) await send(business, conversationId, `live ${n}`)
    })()
    const cursor = { conversationId, pos: held.pos, tag: held.tag }
    const again = following(worker, { conversations: [cursor], others: true })
    await talking
    await again.when(() => (positions(again.frames).at(-1) ?? 0) === held.pos + 40)
    assert.deepStrictEqual(
      positions(again.frames),
      Array.from({ length: 40 }, (_, n) => held.pos + 1 + n)
    )
    const resumed = again.frames.find(({ type }) => type === "resumed")
    assert.deepInclude(resumed, { others: [] })
    await again.stop()
  })

  it("a stream that its client ends leaves the connection and its other calls alone", async () => {
    const { business, conversationId, worker } = await setUp()
    const stopped = following(worker)
    const going = following(worker)
    await stopped.when(() => stopped.frames.length > 0)
    await going.when(() => going.frames.length > 0)
    await stopped.stop()
    await send(business, conversationId, "after")
    await going.when(() => durable(going.frames).length === 1)
    assert.lengthOf(durable(stopped.frames), 0)
    await Effect.runPromise(worker.WhoAmI({}))
    await going.stop()
  })

  it("tells of conversations that are open who is there and who types, as a socket is told", async () => {
    const { business, conversationId, tokens, worker } = await setUp()
    const joining = worker.JoinConversation({ conversationId })
    assert.strictEqual((await Effect.runPromise(Effect.flip(joining)))._tag, "not_following")
    const theirs = following(worker)
    await theirs.when(() => theirs.frames.length > 0)
    const early = await Effect.runPromise(Effect.flip(worker.StartTyping({ conversationId })))
    assert.strictEqual(early._tag, "conversation_not_found")
    const joined = await Effect.runPromise(joining)
    assert.deepInclude(joined, { type: "joined", conversationId, status: "ACTIVE", unread: 0 })

    const socket = new TestSocket(world().port, { token: tokens.business })
    await socket.frame(({ type }) => type === "authenticated")
    await theirs.when(() => theirs.frames.some(({ type }) => type === "user_online"))
    const place = { type: "join_conversation", conversationId, id: "join" } as const
    await socket.ask(place)
    const typingOf = (frames: ReadonlyArray<FollowedFrame>) =>
      frames.flatMap((frame) => (frame.type === "user_typing" ? [frame.typing] : []))
    await Effect.runPromise(worker.StartTyping({ conversationId }))
    await socket.when(() => typingOf(socket.received).at(-1) === true)
    await Effect.runPromise(worker.StopTyping({ conversationId }))
    await socket.when(() => typingOf(socket.received).at(-1) === false)

    const mine = following(business)
    await mine.when(() => mine.frames.length > 0)
    await Effect.runPromise(business.JoinConversation({ conversationId }))
    await Effect.runPromise(business.StartTyping({ conversationId }))
    await theirs.when(() => typingOf(theirs.frames).at(-1) === true)
    await Effect.runPromise(worker.LeaveConversation({ conversationId }))
    const before = theirs.frames.length
    await Effect.runPromise(business.StopTyping({ conversationId }))
    await send(business, conversationId, "after")
    await theirs.when(() => durable(theirs.frames).length === 1)
    assert.lengthOf(typingOf(theirs.frames.slice(before)), 0)
    socket.socket.close()
    await theirs.stop()
    await mine.stop()
  })

  it("a client that gives up 200 calls at once keeps its connection, and what it follows", async () => {
    const { business, conversationId, worker } = await setUp()
    const stream = following(worker)
    await stream.when(() => stream.frames.length > 0)
    // No log reaches so far, so each waits for 250 ms.
    const slow = worker.ListConversations({ position: positionText({ 7: 999_999 }) })
    const givenUp = Effect.timeoutOption(Effect.exit(slow), 100)
    await Effect.runPromise(
      Effect.all(
        Array.from({ length: 200 }, () => givenUp),
        { concurrency: "unbounded" }
      )
    )
    await send(business, conversationId, "after")
    await stream.when(() => durable(stream.frames).length === 1)
    await Effect.runPromise(worker.WhoAmI({}))
    await stream.stop()
  })

  it("W4 J8 ends with the session, and so does the connection", async () => {
    const { userIds, worker } = await setUp()
    const stream = following(worker)
    await stream.when(() => stream.frames.length > 0)
    const platform = await world().as("platform", "service")
    const begun = performance.now()
    await platform("POST", `/directory/users/${userIds.worker}/sign-out`)
    assert.include(["unauthenticated", "RpcClientError"], await stream.ended())
    const after = await Effect.runPromise(Effect.flip(worker.WhoAmI({})))
    assert.strictEqual(after._tag, "RpcClientError")
    assert.isBelow(performance.now() - begun, 5_000)
  })

  it("is not for those who have no conversations", async () => {
    await world().put("grace", { role: "engineer" })
    const grace = await callers.overWebSocket(await world().signIn("grace"))
    assert.strictEqual(await following(grace).ended(), "forbidden")
    const platform = await callers.overWebSocket(await world().signIn("platform", "service"))
    assert.strictEqual(await following(platform).ended(), "forbidden")
  })

  it("F5 says that the node stops, ends by that name, and takes no call after it", async () => {
    const { business, conversationId, worker } = await setUp()
    const stream = following(worker)
    await stream.when(() => stream.frames.length > 0)
    await send(business, conversationId, "last words")
    await stream.when(() => durable(stream.frames).length === 1)
    const begun = performance.now()
    const stopping = world().stop()
    assert.strictEqual(await stream.ended(), "draining")
    assert.strictEqual(stream.frames.at(-1)?.type, "draining")
    const after = await Effect.runPromise(Effect.flip(worker.WhoAmI({})))
    assert.include(["draining", "RpcClientError"], after._tag)
    await stopping
    assert.isBelow(performance.now() - begun, 5_000)
  })
})

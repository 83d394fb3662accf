import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { positionText } from "@indelible/server/answers/Positions"
import { assert, describe, it } from "vitest"
import { onDatabase } from "../../http/DatabaseOf.ts"
import { parseExposition } from "../../http/Exposition.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { RawSocket, rawFrame } from "../../realtime/RawSocket.ts"
import { outcomeOf, problemIn, type RpcMessage, RpcSocket } from "../../rpc/RpcSocket.ts"

const maxSockets = 40
const world = HttpWorld.forThisFile(
  { LOG_LEVEL: "Info", PING_INTERVAL: "2" },
  { closeWithin: 1_000 },
  { maxSockets }
)

const resumesOf = (socket: RpcSocket, id: string | number) =>
  framesOf(socket, id).filter(
    (frame) => typeof frame === "object" && frame !== null && "type" in frame && frame.type === "resumed"
  )

const gauge = async (name: string) => {
  const { text } = await world().anyone("GET", "/metrics")
  return parseExposition(text).get(name)?.samples[0]?.value ?? 0
}

/** No log reaches so far: whoever asks for it waits for 250 ms and is told so. */
const unreachable = { position: positionText({ 7: 999_999 }) }
const slow = "ListConversations"

const connect = async (userId: string, role?: "service") => {
  const socket = new RpcSocket(world().port, { token: await world().signIn(userId, role) })
  await socket.opened
  return socket
}

const someone = async () => connect((await world().pair()).userIds.business)

const textMessage = (conversationId: ConversationId, text: string) => ({
  conversationId,
  clientMessageId: crypto.randomUUID(),
  text
})

const framesOf = (socket: RpcSocket, id: string | number) =>
  socket.received.flatMap((message) => ("chunk" in message && message.id === id ? [...message.result] : []))

/** As fast as a program can say it. */
const flood = (socket: RpcSocket, times: number) => {
  for (let n = 0; n < times; n += 1) socket.post("WhoAmI", {}, n)
}

/** A stream whose parts are receipted as they come. */
const follow = async (socket: RpcSocket, id: string, asked = {}) => {
  let taken = 0
  socket.socket.on("message", () => {
    const chunks = socket.received.filter((message) => "chunk" in message && message.id === id).length
    for (; taken < chunks; taken += 1) socket.signal("Ack", id)
  })
  socket.post("Follow", asked, id)
  await socket.until("the first frame", () => framesOf(socket, id)[0])
}

describe("what is done to a connection", () => {
  it("R3 a second call of the same id is refused, and the first completes", async () => {
    const socket = await someone()
    socket.post(slow, unreachable, "same")
    socket.post("WhoAmI", {}, "same")
    assert.strictEqual(outcomeOf(await socket.answer(null)), "call_in_flight")
    assert.strictEqual(outcomeOf(await socket.answer("same")), "not_yet_fresh")
    socket.received.length = 0
    socket.post("WhoAmI", {}, "same")
    assert.strictEqual(outcomeOf(await socket.answer("same")), "ok")
  })

  it("R5 calls are cancelled and receipted by their own connection alone", async () => {
    const [socket, other] = [await someone(), await someone()]
    socket.post(slow, unreachable, "mine")
    for (const name of ["Interrupt", "Ack"] as const) other.signal(name, "mine")
    await other.call("WhoAmI")
    assert.strictEqual(outcomeOf(await socket.answer("mine")), "not_yet_fresh")
    socket.post(slow, unreachable, "again")
    socket.signal("Interrupt", "again")
    assert.strictEqual(outcomeOf(await socket.answer("again")), "cancelled")
    assert.strictEqual(await socket.outcome("WhoAmI"), "ok")
  })

  it("R4 works on 32 calls of a connection at once, and answers all of them", async () => {
    const socket = await someone()
    const begun = performance.now()
    const ids = Array.from({ length: 160 }, () => socket.post(slow, unreachable))
    const answers = await Promise.all(ids.map((id) => socket.answer(id)))
    assert.deepStrictEqual([...new Set(answers.map(outcomeOf))], ["not_yet_fresh"])
    // Five times 32, each for 250 ms.
    assert.isAbove(performance.now() - begun, 1_200)
  })

  it("R4 cuts who asks and asks and never reads, and its memory stays bounded", async () => {
    const { id, userIds } = await world().talk()
    const writer = await connect(userIds.business)
    const long = "x".repeat(5_000)
    const ids = Array.from({ length: 100 }, () => writer.post("SendMessage", textMessage(id, long)))
    for (const call of ids) assert.strictEqual(outcomeOf(await writer.answer(call)), "ok")
    const reader = await connect(userIds.worker)
    const page = { conversationId: id, limit: 100 }
    while ((await reader.outcome("ListMessages", page)) !== "ok");
    const deaf = new RawSocket(world().port, await world().signIn(userIds.worker), "/rpc/ws")
    await deaf.upgraded
    // More than 20 GB, if it were all answered.
    const calls = Array.from({ length: 50_000 }, (_, n) => {
      const call = { jsonrpc: "2.0", id: n, method: "ListMessages", params: page }
      return rawFrame({ opcode: 1, payload: Buffer.from(JSON.stringify(call)) })
    })
    const flood = Buffer.concat(calls)
    const connections = () => gauge("indelible_rpc_connections")
    const open = await connections()
    const before = process.memoryUsage().rss
    deaf.socket.pause()
    deaf.socket.write(flood)
    let most = 0
    const cut = async () => {
      most = Math.max(most, process.memoryUsage().rss - before)
      return (await connections()) < open
    }
    const until = performance.now() + 20_000
    while (!(await cut())) assert.isBelow(performance.now(), until, "not cut")
    assert.isBelow(most, 200_000_000)
    deaf.socket.destroy()
    assert.strictEqual(await writer.outcome("WhoAmI"), "ok")
  })

  it("W9 closes a stranger who floods with calls, after as many answers as there may be strays", async () => {
    const stranger = new RpcSocket(world().port)
    await stranger.opened
    flood(stranger, 5_000)
    assert.strictEqual((await stranger.closed).code, 4429)
    assert.isBelow(stranger.received.length, 200)
  })

  it("W9 begins so many calls of a connection a second, and its neighbours' in between", async () => {
    const [flooding, neighbour] = [await someone(), await someone()]
    const begun = performance.now()
    flood(flooding, 10_000)
    for (let n = 0; n < 30; n += 1) {
      assert.strictEqual(await neighbour.outcome("WhoAmI"), "ok")
      const seconds = (performance.now() - begun) / 1_000
      assert.isAtMost(flooding.received.length, 500 + 250 * seconds + 10)
    }
    assert.strictEqual(outcomeOf(await flooding.answer(0)), "ok")
    flooding.socket.terminate()
  })

  it("R4 hears pings, receipts and cancels of whoever has more calls waiting than may be worked on", async () => {
    const socket = await someone()
    await follow(socket, "stream")
    const ids = Array.from({ length: 160 }, (_, n) => socket.post(slow, unreachable, n))
    socket.signal("Ping")
    socket.signal("Interrupt", 0)
    await socket.until("pong", () => socket.received.find((message) => "method" in message))
    assert.strictEqual(outcomeOf(await socket.answer(0)), "cancelled")
    assert.isFalse(socket.received.some((message) => "id" in message && message.id === 40))
    for (const id of ids) socket.signal("Interrupt", id)
    assert.strictEqual(await socket.outcome("WhoAmI"), "ok")
  })

  it("R5 cancels a call that waits for its turn, which then does nothing", async () => {
    const { id, userIds } = await world().talk()
    const socket = await connect(userIds.business)
    for (let n = 0; n < 32; n += 1) socket.post(slow, unreachable, n)
    socket.post("SendMessage", textMessage(id, "never mind"), "waiting")
    socket.signal("Interrupt", "waiting")
    assert.strictEqual(outcomeOf(await socket.answer("waiting")), "cancelled")
    assert.isFalse(socket.received.some((message) => "id" in message && message.id === 0))
    for (let n = 0; n < 32; n += 1) await socket.answer(n)
    const described = await socket.call("DescribeConversation", { conversationId: id })
    assert.include(JSON.stringify(described), `"messageCount":0`)
  })

  it("each call pays for one cancel, also when that crosses with its answer", async () => {
    const socket = await someone()
    for (let n = 0; n < 300; n += 1) {
      const call = socket.post("WhoAmI", {}, n)
      if (n % 50 === 49) await socket.answer(call)
    }
    for (let n = 0; n < 300; n += 1) socket.signal("Interrupt", n)
    assert.strictEqual(await socket.outcome("WhoAmI"), "ok")
    for (let n = 0; n < 300; n += 1) socket.signal("Interrupt", n)
    assert.strictEqual((await socket.closed).code, 4429)
  })

  it("R6 shows four streams on a connection, refuses more, and closes who goes on asking", async () => {
    const socket = await someone()
    const outcomes: Array<Promise<RpcMessage>> = []
    for (let n = 0; n < 20; n += 1) {
      const id = socket.post("Follow", {}, n)
      if (n >= 4) outcomes.push(socket.answer(id))
    }
    for (const answer of await Promise.all(outcomes)) {
      assert.strictEqual(outcomeOf(answer), "too_many_follows")
    }
    for (let n = 0; n < 4; n += 1) {
      await socket.until(`stream ${n}`, () => framesOf(socket, n)[0])
    }
    assert.strictEqual(await socket.outcome("WhoAmI"), "ok")
    socket.signal("Interrupt", 0)
    assert.strictEqual(outcomeOf(await socket.answer(0)), "cancelled")
    socket.post("Follow", {}, "another")
    await socket.until("another stream", () => framesOf(socket, "another")[0])
    for (let n = 0; n < 1_000; n += 1) socket.post("Follow", {})
    assert.strictEqual((await socket.closed).code, 4429)
  })

  it("3.6 a stream that cannot be caught up ends by name, and is brought everything the next time", async () => {
    const { id, userIds } = await world().talk()
    const socket = await connect(userIds.business)
    const renaming = (from: string, to: string) =>
      onDatabase(world().database, (sql) => sql`ALTER TABLE ${sql(from)} RENAME TO ${sql(to)}`)
    const cursor = { conversationId: id, pos: 0 }
    await renaming("event", "event_away")
    try {
      assert.strictEqual(await socket.outcome("Follow", { conversations: [cursor] }), "unavailable")
    } finally {
      await renaming("event_away", "event")
    }
    await follow(socket, "again", { conversations: [cursor] })
    await socket.until("resumed", () => resumesOf(socket, "again")[0])
  })

  it("catches a connection up at 1,000 events a second, however often it follows", async () => {
    const { id, userIds } = await world().talk()
    const writer = await connect(userIds.business)
    const ids = Array.from({ length: 100 }, (_, n) => writer.post("SendMessage", textMessage(id, `${n}`)))
    for (const call of ids) assert.strictEqual(outcomeOf(await writer.answer(call)), "ok")
    const socket = await connect(userIds.worker)
    const all = { conversations: [{ conversationId: id, pos: 0 }] }
    /** Four side by side; answers what refused one of them, if anything did. */
    const round = async (n: number) => {
      const streams = [0, 1, 2, 3].map((stream) => `${n} ${stream}`)
      await Promise.all(streams.map((stream) => follow(socket, stream, all)))
      const ends = await Promise.all(
        streams.map((stream) =>
          Promise.race([socket.until("resumed", () => resumesOf(socket, stream)[0]), socket.answer(stream)])
        )
      )
      const refused = streams.filter((stream, at) => resumesOf(socket, stream).length === 0 && ends[at])
      for (const stream of streams) if (!refused.includes(stream)) socket.signal("Interrupt", stream)
      await Promise.all(streams.map((stream) => socket.answer(stream)))
      return refused[0]
    }
    let refused: string | undefined
    // 400 events cost 400 ms; even a busy machine asks for them again sooner, in one of these rounds.
    for (let n = 0; n < 5 && refused === undefined; n += 1) refused = await round(n)
    if (refused === undefined) return assert.fail("2,000 events were brought")
    const problem = problemIn(await socket.answer(refused))
    assert.strictEqual(problem.code, "rate_limited")
    const { retryAfterMs = 0 } = problem
    assert.isAbove(retryAfterMs, 0)
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs))
    await follow(socket, "later", all)
    await socket.until("resumed", () => resumesOf(socket, "later")[0])
  })

  it("a stream whose parts nobody receipts ends as too slow at 1 MiB, and others get everything", async () => {
    const { id, userIds } = await world().talk()
    const [writer, deaf] = [await connect(userIds.business), await connect(userIds.worker)]
    const reader = await connect(userIds.worker)
    deaf.post("Follow", {}, "deaf")
    await deaf.until("the first frame", () => framesOf(deaf, "deaf")[0])
    await follow(reader, "reader")
    const long = "x".repeat(5_000)
    const ids = Array.from({ length: 260 }, () => writer.post("SendMessage", textMessage(id, long)))
    for (const call of ids) assert.strictEqual(outcomeOf(await writer.answer(call)), "ok")
    assert.strictEqual(outcomeOf(await deaf.answer("deaf")), "too_slow")
    const messages = () =>
      framesOf(reader, "reader").filter(
        (frame) => typeof frame === "object" && frame !== null && "text" in frame
      )
    await reader.until("everything", () => (messages().length === 260 ? true : undefined))
    assert.strictEqual(await deaf.outcome("WhoAmI"), "ok")
  })

  it("R7 W6 closes 1009 at more than 64 KiB, however it goes on", async () => {
    const call = (length: number) =>
      JSON.stringify({ jsonrpc: "2.0", id: "x", method: "WhoAmI", pad: "" }).padEnd(length)
    const [fits, over, endless] = [await someone(), await someone(), await someone()]
    fits.raw(call(64 * 1024))
    assert.strictEqual(outcomeOf(await fits.answer("x")), "ok")
    over.raw(call(64 * 1024 + 1))
    assert.strictEqual((await over.closed).code, 1009)
    endless.raw("x".repeat(20_000_000))
    assert.strictEqual((await endless.closed).code, 1009)
  })

  it("W9 closes floods of what is no call with 4429, and leaves others alone", async () => {
    const neighbour = await someone()
    const floods: ReadonlyArray<(socket: RpcSocket) => void> = [
      (socket) => socket.signal("Ping"),
      (socket) => socket.signal("Ack", "none"),
      (socket) => socket.signal("Interrupt", "none"),
      (socket) => socket.raw("{"),
      (socket) => socket.raw("[".repeat(1_000)),
      (socket) => socket.raw("[]"),
      (socket) => socket.raw(`{"jsonrpc":"2.0","method":"WhoAmI"}`)
    ]
    for (const [n, say] of floods.entries()) {
      const socket = await someone()
      say(socket)
      assert.strictEqual(await socket.outcome("WhoAmI"), "ok", `${n}`)
      for (let times = 0; times < 1_000; times += 1) say(socket)
      assert.strictEqual((await socket.closed).code, 4429, `${n}`)
    }
    const binary = await someone()
    binary.raw(Buffer.from("{}"))
    assert.strictEqual((await binary.closed).code, 1003)
    assert.strictEqual(await neighbour.outcome("WhoAmI"), "ok")
  })

  it("what a connection follows ends with it, not when its other side agrees", async () => {
    const { userIds } = await world().pair()
    const mute = new RawSocket(world().port, await world().signIn(userIds.business), "/rpc/ws")
    await mute.upgraded
    const sessions = () => gauge("indelible_realtime_sockets")
    const [before, connections] = [await sessions(), await gauge("indelible_rpc_connections")]
    const call = { jsonrpc: "2.0", id: 1, method: "Follow", params: {} }
    mute.write({ opcode: 1, payload: Buffer.from(JSON.stringify(call)) })
    while ((await sessions()) !== before + 1);
    mute.write({ opcode: 2, payload: Buffer.from("{}") })
    assert.strictEqual(await mute.closeCode, 1003)
    assert.strictEqual(await sessions(), before)
    assert.strictEqual(await gauge("indelible_rpc_connections"), connections)
    mute.socket.destroy()
  })

  it("F27 cuts who does not answer pings by the second one, and nobody who talks", async () => {
    const talking = await someone()
    const { userIds } = await world().pair()
    const mute = new RawSocket(world().port, await world().signIn(userIds.business), "/rpc/ws")
    await mute.upgraded
    const begun = performance.now()
    await mute.gone
    assert.isBelow(performance.now() - begun, 8_000)
    assert.strictEqual(await talking.outcome("WhoAmI"), "ok")
  })

  it("streams count as sockets of the node, and are refused when it has as many as it takes", async () => {
    const { userIds } = await world().pair()
    const token = await world().signIn(userIds.business)
    const sockets = Array.from({ length: maxSockets / 4 + 1 }, () => new RpcSocket(world().port, { token }))
    await Promise.all(sockets.map(({ opened }) => opened))
    const refused = sockets.map((socket) => {
      for (let n = 0; n < 4; n += 1) socket.post("Follow", {}, n)
      return socket.until("a refusal", () => socket.received.find((message) => "error" in message))
    })
    assert.strictEqual(outcomeOf(await Promise.any(refused)), "overloaded")
    for (const { socket } of sockets) socket.terminate()
  })

  it("F5 a node that stops answers what it began, takes nothing more, and closes with 1012", async () => {
    const socket = await someone()
    socket.post(slow, unreachable, "begun")
    await socket.call("WhoAmI")
    const begun = performance.now()
    const stopping = world().stop()
    assert.strictEqual(outcomeOf(await socket.answer("begun")), "not_yet_fresh")
    assert.strictEqual((await socket.closed).code, 1012)
    await stopping
    assert.isBelow(performance.now() - begun, 5_000)
  })
})

import { randomUUID } from "node:crypto"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { assert, describe, it } from "vitest"
import { Sent } from "../../http/Answers.ts"
import type { Answer } from "../../http/Ask.ts"
import { parseExposition } from "../../http/Exposition.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { TestSocket } from "../../realtime/TestSocket.ts"

/** As it is without configuration; what people do here is far less than an hour apart. */
const world = HttpWorld.forThisFile({ LIMIT_MESSAGES: "", LIMIT_LISTS: "" })

const newId = () => ClientMessageId.make(randomUUID())

/** How many of what room there still is, as an answer's header says it; and seconds until there is more. */
const roomIn = ({ headers }: Answer) => {
  const [, limit, remaining, more] =
    /^"(\w+)";r=(\d+)(?:;t=(\d+))?$/.exec(headers.get("ratelimit") ?? "") ?? []
  return { limit, remaining: Number(remaining), more: more === undefined ? null : Number(more) }
}

const isHourAtMost = (seconds: number | null) => {
  assert.isAtLeast(seconds ?? 0, 3_500)
  assert.isAtMost(seconds ?? 0, 3_600)
}

/** A conversation with sockets of the business, which answer each send by its id. */
const talkWithSockets = async (sockets: number) => {
  const talk = await world().talk()
  const token = await world().signIn(talk.userIds.business)
  const opened = Array.from({ length: sockets }, () => new TestSocket(world().port, { token }))
  await Promise.all(opened.map((socket) => socket.frame(({ type }) => type === "authenticated")))
  const sendOn = async (socket: TestSocket, text: string, clientMessageId = newId()) => {
    const conversationId = ConversationId.make(talk.id)
    socket.post({ type: "send_message", id: clientMessageId, conversationId, clientMessageId, text })
    return socket.frame((frame) => "id" in frame && frame.id === clientMessageId)
  }
  const close = () => {
    for (const { socket } of opened) socket.terminate()
  }
  return { ...talk, close, sendOn, sockets: opened }
}

describe("NFR-MSG-SEC-003: limits per person", () => {
  it("H16: of 200 messages at once over HTTP and WebSocket exactly 100 are accepted", async () => {
    const { business, close, id, path, sendOn, sockets, worker } = await talkWithSockets(2)
    // Each from somewhere else, as one may say.
    const spoofed = (i: number) => ({
      headers: { "x-forwarded-for": `10.0.0.${i}`, "x-real-ip": `10.0.1.${i}` }
    })
    const over = Array.from({ length: 100 }, (_, i) => {
      const body = { type: "TEXT", clientMessageId: newId(), text: `http ${i}` }
      return business("POST", `${path}/messages`, body, spoofed(i))
    })
    const sent = sockets.flatMap((socket, n) =>
      Array.from({ length: 50 }, (_, i) => sendOn(socket, `ws ${n} ${i}`))
    )
    const [answers, frames] = await Promise.all([Promise.all(over), Promise.all(sent)])

    const accepted = answers.filter(({ status }) => status === 201)
    const acceptedFrames = frames.filter(({ type }) => type === "message_sent")
    assert.strictEqual(accepted.length + acceptedFrames.length, 100)
    for (const refused of answers.filter(({ status }) => status !== 201)) {
      assert.strictEqual(refused.outcome, "429 rate_limited")
      assert.deepInclude(refused.json, { limit: "messages", most: 100, windowMs: 3_600_000 })
      isHourAtMost(Number(refused.headers.get("retry-after")))
      assert.deepInclude(roomIn(refused), { limit: "messages", remaining: 0 })
      assert.isAtLeast(Number(refused.headers.get("retry-after")), roomIn(refused).more ?? Number.NaN)
    }
    for (const frame of frames.filter(({ type }) => type !== "message_sent")) {
      assert(frame.type === "error", JSON.stringify(frame))
      assert.strictEqual(frame.code, "rate_limited")
      isHourAtMost((frame.retryAfterMs ?? 0) / 1_000)
    }
    const kept = await world().say(worker, id, "the other person's count apart")
    assert.strictEqual(kept.seq, 101)

    // What was accepted may be repeated, on either interface.
    const [first] = accepted
    const again = first?.as(Sent)
    assert(again !== undefined)
    const text = `http ${answers.indexOf(first ?? assert.fail())}`
    const body = { type: "TEXT", clientMessageId: again.clientMessageId, text }
    const repeated = await business("POST", `${path}/messages`, body)
    assert.deepInclude(repeated.as(Sent), { id: again.id, repeat: true })
    const [socket = assert.fail()] = sockets
    const frame = await sendOn(socket, text, ClientMessageId.make(again.clientMessageId))
    assert.deepInclude(frame, { type: "message_sent", messageId: again.id, repeat: true })
    assert.strictEqual(
      (await business("POST", `${path}/messages`, { ...body, clientMessageId: newId() })).status,
      429
    )
    close()
  })

  it("H12: twenty copies of a message at once over HTTP and WebSocket count once", async () => {
    const { business, close, send, sendOn, sockets } = await talkWithSockets(1)
    const [socket = assert.fail()] = sockets
    const clientMessageId = newId()
    const copies = await Promise.all([
      ...Array.from({ length: 19 }, () => send(business, "once", clientMessageId)),
      sendOn(socket, "once", clientMessageId)
    ])
    for (const copy of copies) {
      if ("type" in copy) assert.strictEqual(copy.type, "message_sent")
      else assert.oneOf(copy.status, [200, 201])
    }
    const next = await send(business, "another")
    assert.strictEqual(next.as(Sent).seq, 2)
    assert.strictEqual(roomIn(next).remaining, 98)
    close()
  })

  it("tells on every answer of a limited route how one stands, and counts nothing that was not saved", async () => {
    const { business, path, send } = await world().talk()
    const clientMessageId = newId()
    const first = await send(business, "one", clientMessageId)
    assert.strictEqual(first.headers.get("ratelimit-policy"), '"messages";q=100;w=3600')
    assert.deepInclude(roomIn(first), { limit: "messages", remaining: 99 })
    isHourAtMost(roomIn(first).more)

    for (const [outcome, answer] of [
      ["200", await send(business, "one", clientMessageId)],
      ["409 key_reused", await send(business, "other", clientMessageId)],
      [
        "404 conversation_not_found",
        await business("POST", "/conversations/0190f1a0-0000-8000-8000-000000000000/messages", {
          type: "TEXT",
          clientMessageId,
          text: "one"
        })
      ]
    ] as const) {
      assert.strictEqual(answer.outcome, outcome)
      assert.deepInclude(roomIn(answer), { limit: "messages", remaining: 99 }, outcome)
      assert.strictEqual(answer.headers.get("ratelimit-policy"), '"messages";q=100;w=3600', outcome)
    }
    const unasked = [
      await send(business, ""),
      await business("GET", path),
      await world().anyone("POST", `${path}/messages`, {})
    ]
    for (const { headers, outcome } of unasked) assert.isNull(headers.get("ratelimit"), outcome)
  })

  it("lists of conversations are limited, and one that was not answered does not count", async () => {
    const { business, worker } = await world().talk()
    assert.deepInclude(roomIn(await business("GET", "/conversations")), { limit: "lists", remaining: 59 })
    const bad = await business("GET", "/conversations?cursor=nonsense")
    assert.strictEqual(bad.outcome, "400 invalid_cursor")
    assert.strictEqual(roomIn(bad).remaining, 59)
    const lists = await Promise.all(
      Array.from({ length: 70 }, (_, i) =>
        business("GET", `/conversations?status=${i % 2 ? "active" : "archived"}`)
      )
    )
    assert.lengthOf(
      lists.filter(({ status }) => status === 200),
      59
    )
    for (const refused of lists.filter(({ status }) => status !== 200)) {
      assert.strictEqual(refused.outcome, "429 rate_limited")
      assert.deepInclude(refused.json, { limit: "lists", most: 60, windowMs: 3_600_000 })
      assert.strictEqual(refused.headers.get("ratelimit-policy"), '"lists";q=60;w=3600')
      isHourAtMost(Number(refused.headers.get("retry-after")))
    }
    assert.strictEqual((await business("GET", "/conversations/unread-count")).status, 200)
    assert.strictEqual((await worker("GET", "/conversations")).status, 200)
  })

  it("metrics tell how often each limit was met", async () => {
    const { business } = await world().talk()
    const count = async (limit: string, outcome: string) => {
      const families = parseExposition((await world().anyone("GET", "/metrics")).text)
      const samples = families.get("indelible_limit_requests_total")?.samples ?? []
      const [sample] = samples.filter(({ labels }) => labels.limit === limit && labels.outcome === outcome)
      return sample?.value ?? assert.fail(`${limit} ${outcome} is not there`)
    }
    const before = await count("lists", "added")
    await business("GET", "/conversations")
    assert.strictEqual(await count("lists", "added"), before + 1)
    assert.isAtLeast(await count("messages", "known"), 0)
    assert.isAtLeast(await count("repeats", "refused"), 0)
  })
})

import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { assert, describe, it } from "vitest"
import { Sent } from "../../http/Answers.ts"
import type { Answer } from "../../http/Ask.ts"
import { parseExposition } from "../../http/Exposition.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { RpcSocket } from "../../rpc/RpcSocket.ts"
import { callsBy, connect, hangUp, newId, sendBy, sendByCall, sendOn } from "./Sending.ts"

/** As it is without configuration; what people do here is far less than an hour apart. */
const world = HttpWorld.forThisFile({ LIMIT_MESSAGES: "", LIMIT_LISTS: "" })

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

describe("NFR-MSG-SEC-003: limits per person", () => {
  it("H16: of 200 messages at once over HTTP, RPC and WebSocket exactly 100 are accepted", async () => {
    const { business, id, userIds, worker } = await world().talk()
    const sockets = await connect(world(), userIds.business, 5)
    // Each from somewhere else, as one may say.
    const spoofed = (i: number) => ({
      headers: { "x-forwarded-for": `10.0.0.${i}`, "x-real-ip": `10.0.1.${i}` }
    })
    const connection = new RpcSocket(world().port, { token: await world().signIn(userIds.business) })
    await connection.opened
    const by = [callsBy(business), (method: string, params: unknown) => connection.call(method, params)]
    const called = by.flatMap((call) => Array.from({ length: 30 }, () => sendByCall(call, id, "called")))
    const over = Array.from({ length: 120 }, (_, i) => sendBy(business, id, `http ${i}`, newId(), spoofed(i)))
    const on = sockets.flatMap((socket) => Array.from({ length: 4 }, () => sendOn(socket, id, "socket")))
    const [answers, outcomes, frames] = await Promise.all([
      Promise.all(over),
      Promise.all(called),
      Promise.all(on)
    ])

    const isSaved = ({ status }: Answer) => status === 201 || status === 200
    const saved = [
      answers.filter(isSaved),
      outcomes.filter((outcome) => outcome === "ok"),
      frames.filter(({ type }) => type === "message_sent")
    ]
    assert.strictEqual(saved.flat().length, 100)
    assert.deepStrictEqual(
      outcomes.filter((outcome) => outcome !== "ok" && outcome !== "rate_limited"),
      []
    )
    for (const refused of answers.filter((answer) => !isSaved(answer))) {
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
    assert.strictEqual((await world().say(worker, id, "counted apart")).seq, 101)

    // What was accepted may be repeated on either interface, and nothing else.
    const first = answers.find(isSaved) ?? assert.fail("nothing was accepted over HTTP")
    const { clientMessageId, id: messageId } = first.as(Sent)
    const text = `http ${answers.indexOf(first)}`
    const name = ClientMessageId.make(clientMessageId)
    assert.deepInclude((await sendBy(business, id, text, name)).as(Sent), { id: messageId, repeat: true })
    const [socket = assert.fail()] = sockets
    assert.deepInclude(await sendOn(socket, id, text, name), {
      type: "message_sent",
      messageId,
      repeat: true
    })
    assert.strictEqual((await sendBy(business, id, text)).status, 429)
    for (const call of by) {
      assert.strictEqual(await sendByCall(call, id, text, name), "ok")
      assert.strictEqual(await sendByCall(call, id, text), "rate_limited")
    }
    hangUp([...sockets, connection])
  })

  it("H12: twenty copies of a message at once over HTTP and WebSocket count once", async () => {
    const { business, id, userIds } = await world().talk()
    const sockets = await connect(world(), userIds.business, 2)
    const clientMessageId = newId()
    const [answers, frames] = await Promise.all([
      Promise.all(Array.from({ length: 18 }, () => sendBy(business, id, "once", clientMessageId))),
      Promise.all(sockets.map((socket) => sendOn(socket, id, "once", clientMessageId)))
    ])
    for (const { status } of answers) assert.oneOf(status, [200, 201])
    for (const { type } of frames) assert.strictEqual(type, "message_sent")
    const next = await sendBy(business, id, "another")
    assert.strictEqual(next.as(Sent).seq, 2)
    assert.strictEqual(roomIn(next).remaining, 98)
    hangUp(sockets)
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

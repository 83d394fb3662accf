import { randomUUID } from "node:crypto"
import { assert, describe, it } from "vitest"
import { ConversationChange, ConversationView, History, Sent } from "../../http/Answers.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile()

describe("sending a message", () => {
  it("REQ-MSG-003 answers when it is saved, with its place, time and position", async () => {
    const { business, id, send } = await world().talk()
    const clientMessageId = randomUUID()
    const answer = await send(business, "hello", clientMessageId)
    assert.strictEqual(answer.status, 201)
    const sent = answer.as(Sent)
    assert.deepInclude<object>(sent, {
      repeat: false,
      conversationId: id,
      clientMessageId,
      seq: 1,
      pos: 2,
      id: `${id}.2`
    })
    assert.match(sent.sentAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.strictEqual(answer.headers.get("indelible-position"), sent.token)
  })

  it("H12 the same send twenty times at once is one message and twenty equal answers", async () => {
    const { business, path, readAfter, send } = await world().talk()
    const clientMessageId = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(business, "only once", clientMessageId))
    )
    const sent = answers.map((answer) => ({ ...answer.as(Sent), repeat: null, token: null }))
    for (const one of sent) assert.deepStrictEqual(one, sent[0])
    assert.lengthOf(
      answers.filter(({ status }) => status === 201),
      1
    )
    const [first] = answers
    const token = first?.as(Sent).token ?? ""
    assert.lengthOf((await readAfter(business, token, `${path}/messages`)).as(History).messages, 1)
  })

  it("H13 the same id with other content is a conflict; by another or elsewhere it is independent", async () => {
    const one = await world().talk()
    const other = await world().talk()
    const clientMessageId = randomUUID()
    assert.strictEqual((await one.send(one.business, "first", clientMessageId)).status, 201)
    assert.strictEqual((await one.send(one.business, "second", clientMessageId)).outcome, "409 key_reused")
    const labelled = await one.business("POST", `${one.path}/messages`, {
      ...{ type: "TEXT", clientMessageId, text: "first" },
      metadata: { a: 1 }
    })
    assert.strictEqual(labelled.outcome, "409 key_reused")
    assert.strictEqual((await one.send(one.worker, "mine", clientMessageId)).status, 201)
    assert.strictEqual((await other.send(other.business, "elsewhere", clientMessageId)).status, 201)
  })

  it("keeps the platform's labels as they were sent, and tells them to both", async () => {
    const { business, path, readAfter, worker } = await world().talk()
    const metadata = { source: "import", urgent: true, rank: 1.5, nothing: null, ünïcode: "🏳️‍🌈" }
    const body = { type: "TEXT", clientMessageId: randomUUID(), text: "hi", metadata }
    const { token } = (await business("POST", `${path}/messages`, body)).as(Sent)
    const [message] = (await readAfter(worker, token, `${path}/messages`)).as(History).messages
    assert.deepStrictEqual(message?.metadata, metadata)
  })

  it("tells the client's own id to its sender only", async () => {
    const { business, path, readAfter, send, worker } = await world().talk()
    const clientMessageId = randomUUID()
    const { token } = (await send(business, "hi", clientMessageId)).as(Sent)
    const seenBy = async (by: HttpWorld.Asker) => {
      const [message] = (await readAfter(by, token, `${path}/messages`)).as(History).messages
      return message?.type === "TEXT" ? message.clientMessageId : "no text"
    }
    assert.strictEqual(await seenBy(business), clientMessageId)
    assert.isNull(await seenBy(worker))
  })

  it("H14 times are the server's", async () => {
    const { business, say } = await world().talk()
    const before = Date.now()
    const { sentAt } = await say(business, "now")
    assert.isAtLeast(Date.parse(sentAt), before - 1_000)
    assert.isAtMost(Date.parse(sentAt), Date.now() + 1_000)
  })
})

describe("history", () => {
  it("NFR-MSG-SCAL-004 goes both ways from any place, half and half around it, 50 unless told", async () => {
    const { business, id, path, readAfter, say, worker } = await world().talk()
    let token = ""
    for (let n = 1; n <= 60; n++) token = (await say(n % 2 === 0 ? business : worker, `m${n}`)).token
    // Message n is at position n + 1, after the start.
    const page = async (query: string) =>
      (await readAfter(worker, token, `${path}/messages${query}`)).as(History)
    const numbers = ({ messages }: typeof History.Type) => messages.map(({ seq }) => seq)
    const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

    const newest = await page("")
    assert.deepStrictEqual(numbers(newest), upTo(11, 60))
    assert.deepInclude(newest, { hasEarlier: true, hasLater: false })
    assert.strictEqual(newest.reflects?.pos, 61)
    assert.deepStrictEqual(numbers(await page("?before=12")), upTo(1, 10))
    assert.deepStrictEqual(numbers(await page("?after=59&limit=100")), upTo(59, 60))
    assert.deepStrictEqual(numbers(await page("?around=31&limit=5")), upTo(28, 32))
    assert.deepStrictEqual(numbers(await page(`?around=${id}.31&limit=5`)), upTo(28, 32))
    assert.deepStrictEqual(numbers(await page("?limit=1")), [60])
    assert.deepInclude(await page("?before=2"), { messages: [], hasEarlier: false, hasLater: true })
  })

  it("refuses two places, and a message of another conversation", async () => {
    const { business, path } = await world().talk()
    const other = await world().talk()
    assert.deepStrictEqual(
      (await business("GET", `${path}/messages?before=5&after=1`)).problem().errors?.[0]?.path,
      ["query"]
    )
    assert.deepStrictEqual(
      (await business("GET", `${path}/messages?around=${other.id}.2`)).problem().errors?.[0]?.path,
      ["query", "around"]
    )
  })

  it("a read with a write's position includes the write", async () => {
    const { business, path, readAfter, say, worker } = await world().talk()
    for (let n = 0; n < 30; n++) {
      const { pos, token } = await say(business, `now ${n}`)
      const { messages } = (await readAfter(worker, token, `${path}/messages?limit=1`)).as(History)
      assert.strictEqual(messages[0]?.pos, pos)
    }
  })

  it("a position from the future is waited for a moment, then refused; one that is none is a fault", async () => {
    const { business } = await world().talk()
    const future = Buffer.from('{"0":999999}').toString("base64url")
    const started = performance.now()
    const late = await business("GET", "/conversations", undefined, {
      headers: { "indelible-position": future }
    })
    assert.strictEqual(late.outcome, "503 not_yet_fresh")
    assert.strictEqual(late.headers.get("retry-after"), "1")
    assert.isBelow(performance.now() - started, 1_500)
    for (const none of [
      "x",
      "AAAA",
      Buffer.from("[1]").toString("base64url"),
      Buffer.from('{"0":1.5}').toString("base64url")
    ]) {
      const refused = await business("GET", "/conversations", undefined, {
        headers: { "indelible-position": none }
      })
      assert.strictEqual(refused.outcome, "400 invalid_request", none)
    }
  })
})

describe("reading", () => {
  it("REQ-MSG-005 AC-MSG-003 reads all before it, once, and each message tells when", async () => {
    const { business, id, path, readAfter, say, worker } = await world().talk()
    await say(business, "1")
    const second = await say(business, "2")
    await say(business, "3")
    const read = await worker("PATCH", `/messages/${second.id}/read`)
    const { at, changed, token } = read.as(ConversationChange)
    assert.isTrue(changed)
    const { messages } = (await readAfter(business, token, `${path}/messages`)).as(History)
    assert.deepStrictEqual(
      messages.map((entry) => (entry.type === "TEXT" ? [entry.seq, entry.deliveredAt, entry.readAt] : [])),
      [
        [1, at, at],
        [2, at, at],
        [3, null, null]
      ]
    )
    assert.isFalse((await worker("PATCH", `/messages/${second.id}/read`)).as(ConversationChange).changed)
    assert.isFalse((await worker("PATCH", `/messages/${id}.2/read`)).as(ConversationChange).changed)
    assert.strictEqual((await worker("GET", path)).as(ConversationView).unreadCount, 1)
  })

  it("H15 what is no message, beyond the end, or another's does not move the mark", async () => {
    const { business, id, path, say, worker } = await world().talk()
    const other = await world().talk()
    await say(business, "1")
    const theirs = await other.say(other.business, "x")
    assert.strictEqual((await worker("PATCH", `/messages/${id}.1/read`)).outcome, "404 message_not_found")
    assert.strictEqual((await worker("PATCH", `/messages/${id}.999/read`)).outcome, "404 message_not_found")
    assert.strictEqual(
      (await worker("PATCH", `/messages/${theirs.id}/read`)).outcome,
      "404 conversation_not_found"
    )
    const own = await business("PATCH", `/messages/${id}.2/read`)
    assert.strictEqual(own.status, 200)
    assert.strictEqual((await worker("GET", path)).as(ConversationView).unreadCount, 1)
  })
})

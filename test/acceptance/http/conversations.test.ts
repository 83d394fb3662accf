import { randomUUID } from "node:crypto"
import { assert, describe, it } from "vitest"
import { ConversationChange, ConversationView, History, List, Started, Unread } from "../../http/Answers.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile()

describe("starting a conversation", () => {
  it("REQ-MSG-001 AC-MSG-004 either of the two starts it, and both have it", async () => {
    const { applicationId, business, userIds, worker } = await world().pair()
    const first = await worker("POST", "/conversations", { applicationId })
    assert.strictEqual(first.status, 201)
    const { conversation, created } = first.as(Started)
    assert.isTrue(created)
    assert.deepInclude(conversation, {
      side: "worker",
      status: "ACTIVE",
      lastMessage: null,
      unreadCount: 0,
      messageCount: 0,
      other: { userId: userIds.business, name: userIds.business }
    })

    const again = await business("POST", "/conversations", { applicationId })
    assert.strictEqual(again.status, 200)
    assert.strictEqual(again.as(Started).conversation.id, conversation.id)
    assert.isFalse(again.as(Started).created)
  })

  it("REQ-MSG-001 H4 simultaneous starts by both meet in one conversation", async () => {
    const { applicationId, business, worker } = await world().pair()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? business : worker)("POST", "/conversations", { applicationId })
      )
    )
    assert.strictEqual(new Set(answers.map((answer) => answer.as(Started).conversation.id)).size, 1)
    assert.lengthOf(
      answers.filter(({ status }) => status === 201),
      1
    )
  })

  it("REQ-MSG-002 H3 needs an open application between the two", async () => {
    const { applicationId, business, userIds } = await world().pair()
    const others = await world().pair()
    const platform = await world().as("platform", "service")
    await platform("PUT", "/directory/applications/withdrawn", {
      ...{ business: userIds.business, worker: userIds.worker },
      status: "withdrawn"
    })
    await platform("PUT", "/directory/applications/alone", {
      ...{ business: userIds.business, worker: userIds.business },
      status: "open"
    })
    for (const id of ["unknown", "withdrawn", "alone", others.applicationId]) {
      const refused = await business("POST", "/conversations", { applicationId: id })
      assert.strictEqual(refused.outcome, "403 application_required", id)
    }
    assert.deepStrictEqual((await business("GET", "/conversations")).as(List).conversations, [])
    assert.strictEqual((await business("POST", "/conversations", { applicationId })).status, 201)
  })

  it("withdrawing an application stops new conversations, not existing ones", async () => {
    const { applicationId, business, path, say, userIds, worker } = await world().talk()
    const platform = await world().as("platform", "service")
    await platform("PUT", `/directory/applications/${applicationId}`, { ...userIds, status: "withdrawn" })
    await say(worker, "still here?")
    assert.strictEqual((await business("GET", path)).as(ConversationView).unreadCount, 1)
    assert.strictEqual((await business("POST", "/conversations", { applicationId })).status, 200)
  })
})

describe("the list of conversations", () => {
  it("is newest activity first, page by page, without repeating or leaving out", async () => {
    const { business, userIds } = await world().pair()
    const platform = await world().as("platform", "service")
    const ids: Array<string> = []
    for (let i = 0; i < 7; i++) {
      const worker = `crowd-${randomUUID().slice(0, 8)}`
      await world().put(worker, { name: `Worker ${i}` })
      await platform("PUT", `/directory/applications/of-${worker}`, {
        ...{ business: userIds.business, worker },
        status: "open"
      })
      const started = await business("POST", "/conversations", { applicationId: `of-${worker}` })
      ids.unshift(started.as(Started).conversation.id)
      await world().say(business, started.as(Started).conversation.id, `hello ${i}`)
    }
    const seen: Array<string> = []
    let path = "/conversations?limit=3"
    const token = (await world().say(business, ids[6] ?? "", "up again")).token
    ids.unshift(ids.pop() ?? "")
    for (;;) {
      const page = await world().readAfter(business, token, path)
      const { conversations, next } = page.as(List)
      seen.push(...conversations.map(({ id }) => id))
      if (next === null) break
      path = `/conversations?limit=3&cursor=${encodeURIComponent(next)}`
    }
    assert.deepStrictEqual(seen, ids)
  })

  it("shows the other's name, the last message, what is unread and how many there are", async () => {
    const { readAfter, business, path, say, userIds, worker } = await world().talk()
    await say(business, "one")
    const { id, pos, sentAt, tag, token } = await say(business, "two <b>bold</b>")
    const list = (await readAfter(worker, token, "/conversations")).as(List)
    const expected = {
      other: { userId: userIds.business, name: userIds.business },
      side: "worker" as const,
      status: "ACTIVE" as const,
      lastMessage: { id, pos, mine: false, preview: "two bold", sentAt },
      unreadCount: 2,
      messageCount: 2,
      lastActivityAt: sentAt,
      pos,
      tag
    }
    assert.deepInclude(list.conversations[0], expected)
    assert.deepInclude((await worker("GET", path)).as(ConversationView), expected)
  })

  it("S6 refuses a cursor of somebody else's, of another list, or made up", async () => {
    const { business, worker } = await world().talk()
    const made = Buffer.from('{"v":1,"scope":"inbox","place":{}}').toString("base64url")
    for (const cursor of ["x", "%00", made, "A".repeat(5_000)]) {
      const refused = await business("GET", `/conversations?cursor=${cursor}`)
      assert.strictEqual(refused.outcome, "400 invalid_cursor", cursor.slice(0, 20))
    }
    assert.strictEqual((await worker("GET", "/conversations?status=archived")).status, 200)
  })
})

describe("archiving", () => {
  it("4.5 4.6 H20 counts for both, shows as an entry, and a message opens it again", async () => {
    const { readAfter, business, path, say, worker } = await world().talk()
    await say(business, "hello")
    const archived = await worker("PATCH", `${path}/archive`)
    assert.strictEqual(archived.status, 200)
    const { changed, token } = archived.as(ConversationChange)
    assert.isTrue(changed)
    assert.strictEqual(archived.headers.get("indelible-position"), token)

    for (const by of [business, worker]) {
      assert.deepStrictEqual((await readAfter(by, token, "/conversations")).as(List).conversations, [])
      const { conversations } = (await readAfter(by, token, "/conversations?status=archived")).as(List)
      assert.strictEqual(conversations[0]?.status, "ARCHIVED")
    }
    assert.isFalse((await business("PATCH", `${path}/archive`)).as(ConversationChange).changed)

    const sent = await say(worker, "one more thing")
    const { messages } = (await readAfter(business, sent.token, `${path}/messages`)).as(History)
    assert.deepStrictEqual(
      messages.map((entry) => (entry.type === "SYSTEM" ? { seq: entry.seq, ...entry.system } : entry.text)),
      [
        "hello",
        { seq: null, event: "archived", by: "worker", cause: "request" },
        { seq: null, event: "reopened", by: "worker", cause: "message" },
        "one more thing"
      ]
    )
    const open = (await business("GET", path)).as(ConversationView)
    assert.deepInclude(open, { status: "ACTIVE", messageCount: 2, unreadCount: 1 })
  })

  it("a late request does not undo what came after what it had seen", async () => {
    const { business, path, say, worker } = await world().talk()
    const { pos } = await say(worker, "seen")
    const newer = await say(worker, "not seen")
    const late = await business("PATCH", `${path}/archive`, { basedOn: pos })
    assert.strictEqual(late.outcome, "409 conversation_moved_on")
    assert.deepInclude(late.json, { pos: newer.pos })
    assert.isTrue(
      (await business("PATCH", `${path}/archive`, { basedOn: newer.pos })).as(ConversationChange).changed
    )
    assert.isTrue((await worker("PATCH", `${path}/reopen`, {})).as(ConversationChange).changed)
  })
})

describe("what is unread", () => {
  it("NFR-MSG-USAB-005 is right in one, in all, in the list, and after reading", async () => {
    const { readAfter, business, path, say, worker } = await world().talk()
    await say(business, "1")
    await say(business, "2")
    const { token } = await say(worker, "answer")
    assert.deepStrictEqual((await worker("GET", `${path}/unread-count`)).as(Unread), { unreadCount: 2 })
    assert.deepStrictEqual((await readAfter(worker, token, "/conversations/unread-count")).as(Unread), {
      unreadCount: 2
    })
    const read = await worker("POST", `${path}/read`)
    assert.isTrue(read.as(ConversationChange).changed)
    const now = read.as(ConversationChange).token
    assert.deepStrictEqual((await worker("GET", `${path}/unread-count`)).as(Unread), { unreadCount: 0 })
    assert.deepStrictEqual((await readAfter(worker, now, "/conversations/unread-count")).as(Unread), {
      unreadCount: 0
    })
    assert.isFalse((await worker("POST", `${path}/read`)).as(ConversationChange).changed)
    assert.deepStrictEqual((await readAfter(business, now, "/conversations/unread-count")).as(Unread), {
      unreadCount: 1
    })
  })
})

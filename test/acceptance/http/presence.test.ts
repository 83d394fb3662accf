import { randomUUID } from "node:crypto"
import { ConversationPage } from "@indelible/api/conversation/ConversationPage"
import { ConversationView } from "@indelible/api/conversation/ConversationView"
import { PresenceView } from "@indelible/api/people/PresenceView"
import { FoundConversations } from "@indelible/api/search/FoundPages"
import { afterEach, assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { TestSocket } from "../../realtime/TestSocket.ts"

const world = HttpWorld.forThisFile()

const open: Array<TestSocket> = []
afterEach(() => {
  for (const { socket } of open.splice(0)) socket.terminate()
})

const connect = async (userId: string) => {
  const socket = new TestSocket(world().port, { token: await world().signIn(userId) })
  open.push(socket)
  await socket.frame(({ type }) => type === "authenticated")
  return socket
}

const offline = { online: false, lastSeenAt: null }
const online = { online: true, lastSeenAt: null }

describe("whether somebody is there", () => {
  it("3.8 GET /users/:id/presence tells of people one has a conversation with, now and when last seen", async () => {
    const { business, userIds } = await world().talk()
    const path = `/users/${userIds.worker}/presence`
    assert.deepStrictEqual((await business("GET", path)).json, { userId: userIds.worker, ...offline })
    const begun = Date.now()
    const socket = await connect(userIds.worker)
    assert.deepStrictEqual((await business("GET", path)).json, { userId: userIds.worker, ...online })
    socket.socket.close()
    await socket.closed
    let now = (await business("GET", path)).as(PresenceView)
    while (now.online) {
      assert.isBelow(Date.now() - begun, 10_000, "still online")
      await new Promise((resolve) => setTimeout(resolve, 50))
      now = (await business("GET", path)).as(PresenceView)
    }
    const lastSeenAt = now.lastSeenAt ?? ""
    assert.strictEqual(new Date(lastSeenAt).toISOString(), lastSeenAt)
    assert.isAtLeast(Date.parse(lastSeenAt), begun)
    assert.isAtLeast(Date.now() - Date.parse(lastSeenAt), 3_000, "a reload is no change")
  })

  it("2.3 2.6 4.7 conversations show it of the other person: listed, found and alone", async () => {
    const { business, id, path, readAfter, say, userIds } = await world().talk()
    const { token } = await say(business, "hello there")
    assert.deepStrictEqual((await business("GET", path)).as(ConversationView).presence, offline)
    await connect(userIds.worker)
    assert.deepStrictEqual((await business("GET", path)).as(ConversationView).presence, online)
    const shown = (at: string) => readAfter(business, token, at)
    const listed = await shown("/conversations")
    assert.deepStrictEqual(listed.as(ConversationPage).conversations[0]?.presence, online)
    const found = await shown("/conversations/search?q=hello")
    const [hit] = found.as(FoundConversations).conversations
    assert.strictEqual(hit?.conversation.id, id)
    assert.deepStrictEqual(hit?.conversation.presence, online)
  })

  it("H2 a stranger is told what is told of nobody", async () => {
    const { business, userIds } = await world().talk()
    const { userIds: strangers } = await world().pair()
    await connect(strangers.worker)
    const ask = (userId: string) =>
      business("GET", `/users/${userId}/presence`, undefined, {
        headers: { "x-correlation-id": "0190f1a0-0000-4000-8000-00000000000f" }
      })
    const theirs = await ask(strangers.worker)
    const nobodys = await ask(`nobody-${randomUUID()}`)
    assert.strictEqual(theirs.outcome, "404 person_not_found")
    assert.strictEqual(theirs.text, nobodys.text)
    const headers = ({ headers: all }: { readonly headers: Headers }) =>
      [...all].filter(([name]) => name !== "date")
    assert.deepStrictEqual(headers(theirs), headers(nobodys))
    assert.strictEqual((await ask(userIds.worker)).status, 200)
    assert.strictEqual((await ask("%00")).status, 400)
  })
})

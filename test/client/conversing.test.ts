import { type Client, type ClientOptions, createClient } from "@indelible/client"
import { Effect, Exit, Scope } from "effect"
import { afterEach, assert, describe, it } from "vitest"
import { MemoryStore } from "../../packages/client/src/store/MemoryStore.ts"
import * as TcpProxy from "../faults/TcpProxy.ts"
import * as HttpWorld from "../http/HttpWorld.ts"
import { keptStore } from "./KeptStore.ts"
import { numbersOf, statesOf, textsOf } from "./Texts.ts"
import { until } from "./Until.ts"

const world = HttpWorld.forThisFile()
const clients = new Set<Client>()
let scope = Scope.makeUnsafe()

afterEach(async () => {
  for (const client of clients) await client.close()
  clients.clear()
  await Effect.runPromise(Scope.close(scope, Exit.void))
  scope = Scope.makeUnsafe()
})

const proxy = () => Effect.runPromise(Scope.provide(TcpProxy.make({ port: world().port }), scope))

const clientOf = (userId: string, options: Partial<ClientOptions> = {}) => {
  const client = createClient({
    userId,
    url: world().origin,
    token: () => world().signIn(userId),
    ...options
  })
  clients.add(client)
  return client
}

const through = ({ port }: TcpProxy.TcpProxy) => ({ url: `http://127.0.0.1:${port}` })
const lines = (name: string, count: number, first = 1) =>
  Array.from({ length: count }, (_, n) => `${name} ${n + first}`)

/** Two clients of a conversation that both look at. */
const two = async (options: Partial<ClientOptions> = {}) => {
  const { id, userIds } = await world().talk()
  const [business, worker] = [clientOf(userIds.business, options), clientOf(userIds.worker)]
  const here = { client: business, open: business.open(id), userId: userIds.business }
  const there = { client: worker, open: worker.open(id), userId: userIds.worker }
  for (const { client } of [here, there]) await until(client.connection, ({ status }) => status === "online")
  return { here, there, id }
}

describe("two clients of a conversation", () => {
  it("REQ-MSG-005 tell queued, sent, delivered and read apart, and count what is unread", async () => {
    const { id, userIds } = await world().talk()
    const business = clientOf(userIds.business)
    const here = business.open(id)
    await until(business.connection, ({ status }) => status === "online")
    const told: Array<string | null> = []
    here.timeline.subscribe(() => told.push(...statesOf(here.timeline.get())))
    await here.send("hello")
    await until(here.timeline, (timeline) => statesOf(timeline)[0] === "sent")

    const worker = clientOf(userIds.worker)
    await until(here.timeline, (timeline) => statesOf(timeline)[0] === "delivered")
    await until(worker.unread, (unread) => unread === 1)
    const [row] = worker.inbox.get().conversations
    assert.strictEqual(row?.unreadCount, 1)
    assert.strictEqual(row?.lastMessage?.preview, "hello")

    const there = worker.open(id)
    const { entries, firstUnread } = await until(there.timeline, ({ loading }) => loading === "idle")
    assert.strictEqual(firstUnread, entries[0]?.pos)
    there.seen(firstUnread ?? 0)
    const { entries: mine } = await until(here.timeline, (timeline) => statesOf(timeline)[0] === "read")
    const [message] = mine
    assert.isTrue(message?.kind === "message" && message.readAt !== null && message.deliveredAt !== null)
    await until(worker.unread, (unread) => unread === 0)
    assert.deepStrictEqual([...new Set(told)], ["queued", "sent", "delivered", "read"])
  })

  it("REQ-MSG-007 archive, see the other's entry of it, and re-open by a message", async () => {
    const { here, there } = await two()
    await here.open.send("first")
    await until(there.open.timeline, (timeline) => textsOf(timeline).length === 1)
    await there.open.archive()
    await until(here.client.inbox, ({ conversations }) => conversations.length === 0)
    await until(here.client.archive, ({ conversations }) => conversations[0]?.status === "ARCHIVED")
    const { entries } = await until(here.open.timeline, ({ entries }) => entries.at(-1)?.kind === "system")
    const entry = entries.at(-1)
    assert.deepInclude(entry, { kind: "system", change: "archived", by: "other", cause: "request" })
    await here.open.send("again")
    await until(there.client.inbox, ({ conversations }) => conversations[0]?.status === "ACTIVE")
    const after = await until(there.open.timeline, (timeline) => textsOf(timeline).length === 2)
    assert.deepInclude(after.entries.at(-2), { kind: "system", change: "reopened", cause: "message" })
  })

  it("NFR-MSG-USAB-001 see each other come, type and go", async () => {
    const { here, there } = await two()
    await until(here.open.conversation, (conversation) => conversation?.presence?.online === true)
    there.open.typing(true)
    await until(here.open.conversation, (conversation) => conversation?.typing === true, 2_000)
    there.open.typing(false)
    await until(here.open.conversation, (conversation) => conversation?.typing === false, 2_000)
    there.open.typing(true)
    await until(here.open.conversation, (conversation) => conversation?.typing === true, 2_000)
    // Nobody says that it is over.
    await there.client.close()
    await until(here.open.conversation, (conversation) => conversation?.typing === false, 5_000)
    await until(here.open.conversation, (conversation) => conversation?.presence?.online === false)
  })

  it("F30 lose and double nothing while their lines are cut again and again, with answers on them", async () => {
    const line = await proxy()
    const { here, there } = await two(through(line))
    const [said, answered] = [lines("here", 40), lines("there", 40)]
    let left = 12
    const cutting = setInterval(() => {
      if (left-- > 0) Effect.runFork(line.cutAll)
      else clearInterval(cutting)
    }, 120)
    const writing = [
      (async () => {
        for (const text of said) await here.open.send(text)
      })(),
      (async () => {
        for (const text of answered) await there.open.send(text)
      })()
    ]
    await Promise.all(writing)
    for (const { open } of [here, there]) {
      const timeline = await until(
        open.timeline,
        (timeline) => textsOf(timeline).length === 80 && !statesOf(timeline).includes("queued"),
        40_000
      )
      assert.deepStrictEqual(
        numbersOf(timeline),
        Array.from({ length: 80 }, (_, n) => n + 1)
      )
      const from = (name: string) => textsOf(timeline).filter((text) => text?.startsWith(name))
      assert.deepStrictEqual(from("here"), said)
      assert.deepStrictEqual(from("there"), answered)
    }
    assert.deepStrictEqual(textsOf(here.open.timeline.get()), textsOf(there.open.timeline.get()))
    await until(here.client.unsent, (unsent) => unsent === 0)
  })

  it("NFR-MSG-REL-004 send what was written offline, after the page was closed and opened, once and in order", async () => {
    const line = await proxy()
    const store = new MemoryStore()
    const { here, id, there } = await two({ ...through(line), store: keptStore(store) })
    await here.open.send("before")
    await until(here.open.timeline, (timeline) => statesOf(timeline)[0] === "delivered")
    await Effect.runPromise(line.refuse)
    const written = lines("offline", 10)
    for (const text of written) await here.open.send(text)
    assert.deepStrictEqual(statesOf(here.open.timeline.get()).slice(1), Array(10).fill("queued"))
    await here.client.close()

    // The page is opened again, still without a network: what it knew and what waits are there.
    const again = clientOf(here.userId, { ...through(line), store: keptStore(store) })
    const reopened = again.open(id)
    const offline = await until(reopened.timeline, (timeline) => textsOf(timeline).length === 11)
    assert.deepStrictEqual(textsOf(offline), ["before", ...written])
    assert.strictEqual(again.unsent.get(), 10)
    assert.strictEqual(again.inbox.get().conversations[0]?.queued, 10)

    await Effect.runPromise(line.heal)
    again.connectNow()
    const arrived = await until(there.open.timeline, (timeline) => textsOf(timeline).length === 11)
    assert.deepStrictEqual(textsOf(arrived), ["before", ...written])
    assert.deepStrictEqual(
      numbersOf(arrived),
      Array.from({ length: 11 }, (_, n) => n + 1)
    )
    await until(reopened.timeline, (timeline) => statesOf(timeline).every((state) => state === "delivered"))
    assert.strictEqual(again.unsent.get(), 0)
    assert.deepStrictEqual(await store.entries("outbox"), [])
  })

  it("REL-001 a message whose answer was lost, and whose page then closed, is the same message", async () => {
    const line = await proxy()
    const store = new MemoryStore()
    const { here, id, there } = await two({ ...through(line), store: keptStore(store) })
    // What is written now arrives; no byte of an answer does.
    await Effect.runPromise(line.cutAfter(() => 0))
    await here.open.send("once")
    await here.client.close()
    await Effect.runPromise(line.heal)
    const again = clientOf(here.userId, { ...through(line), store: keptStore(store) })
    await until(again.unsent, (unsent) => unsent === 0)
    await until(again.connection, ({ status }) => status === "online")
    await until(there.open.timeline, (timeline) => textsOf(timeline).length > 0)
    assert.deepStrictEqual(textsOf(there.open.timeline.get()), ["once"])
    const reopened = await until(again.open(id).timeline, ({ entries }) => entries.length > 0)
    assert.deepStrictEqual(textsOf(reopened), ["once"])
  })

  it("NFR-MSG-SCAL-004 page through a long conversation both ways, without holes or doubles", async () => {
    const { here, there } = await two()
    const all = lines("line", 130)
    for (const text of all) await here.open.send(text)
    await until(here.client.unsent, (unsent) => unsent === 0, 30_000)
    await there.client.close()
    const fresh = clientOf(there.userId)
    const open = fresh.open(here.open.id)
    await until(open.timeline, ({ loading }) => loading === "idle")
    assert.isBelow(textsOf(open.timeline.get()).length, 130)
    while (open.timeline.get().hasEarlier) await open.earlier()
    assert.deepStrictEqual(textsOf(open.timeline.get()), all)

    const other = clientOf(there.userId)
    const jumped = other.open(here.open.id)
    await until(jumped.timeline, ({ loading }) => loading === "idle")
    const middle = open.timeline.get().entries[40]
    assert.isDefined(middle)
    await jumped.goTo(middle?.pos ?? 0)
    assert.isTrue(jumped.timeline.get().hasLater)
    assert.include(textsOf(jumped.timeline.get()), "line 41")
    assert.notInclude(textsOf(jumped.timeline.get()), "line 130")
    await here.open.send("newest")
    while (jumped.timeline.get().hasEarlier) await jumped.earlier()
    for (let page = 0; jumped.timeline.get().hasLater && page < 20; page++) await jumped.later()
    await until(jumped.timeline, (timeline) => textsOf(timeline).at(-1) === "newest")
    assert.deepStrictEqual(textsOf(jumped.timeline.get()), [...all, "newest"])
    assert.strictEqual(await jumped.goToFirstUnread(), open.timeline.get().entries[0]?.pos)
  })

  it("forgets everything at sign-out", async () => {
    const store = new MemoryStore()
    const { here, there } = await two({ store: keptStore(store) })
    await here.open.send("kept")
    await until(there.open.timeline, (timeline) => textsOf(timeline).length === 1)
    here.open.setDraft("half a tho")
    await until(here.open.conversation, (conversation) => conversation?.draft === "half a tho")
    await here.client.signOut()
    for (const collection of ["outbox", "conversations", "drafts", "about"] as const) {
      assert.deepStrictEqual(await store.entries(collection), [])
    }
    assert.strictEqual(here.client.connection.get().status, "closed")
    assert.deepStrictEqual(here.client.inbox.get().conversations, [])
  })
})

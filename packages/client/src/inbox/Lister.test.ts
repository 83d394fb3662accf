import { assert, describe, it } from "@effect/vitest"
import { ConversationPage } from "@indelible/api/conversation/ConversationPage"
import { Effect, Schema } from "effect"
import { begun, tagAt, timeAt } from "../../../../test/client/Histories.ts"
import { ClientError } from "../ClientError.ts"
import { Conversations } from "../conversations/Conversations.ts"
import { conversationView } from "../conversations/ConversationViews.ts"
import type { HeldConversation } from "../held/HeldConversation.ts"
import { MemoryStore } from "../store/MemoryStore.ts"
import { Lister } from "./Lister.ts"

const idOf = (n: number) => `6f1ce5d1-3a0b-8c4d-9e2f-${n.toString(16).padStart(12, "0")}`
const page = (ns: ReadonlyArray<number>, next: string | null) =>
  Schema.decodeUnknownSync(ConversationPage)({
    conversations: ns.map((n) => ({
      ...{ id: idOf(n), other: { userId: `person ${n}`, name: `Person ${n}` }, side: "worker" },
      ...{ status: "ACTIVE", lastMessage: null, unreadCount: 0, messageCount: 0, pos: 1, tag: tagAt(1) },
      ...{ presence: { online: true, lastSeenAt: null }, lastActivityAt: timeAt(n) }
    })),
    next
  })

type Answer = ReturnType<typeof page> | ClientError

const world = (status: "active" | "archived", ...answers: ReadonlyArray<Answer>) => {
  const [conversations, store] = [new Conversations(), new MemoryStore()]
  const [asked, begunIds]: [Array<string | undefined>, Array<ReadonlyArray<string>>] = [[], []]
  const rest = [...answers]
  const list = (_status: string, cursor: string | undefined) =>
    Effect.suspend(() => {
      asked.push(cursor)
      const answer = rest.shift()
      if (answer === undefined) return Effect.die(new Error("nobody should ask"))
      return answer instanceof ClientError ? Effect.fail(answer) : Effect.succeed(answer)
    })
  const make = () =>
    new Lister(status, {
      service: { list },
      conversations,
      store,
      begun: (ids) => Effect.sync(() => void begunIds.push(ids)),
      run: (effect) => Effect.runPromise(effect)
    })
  return { lister: make(), make, conversations, asked, begunIds }
}

const shown = (held: HeldConversation) =>
  conversationView({
    ...{ held, passing: { presence: undefined, typingUntil: 0 }, unsent: [], draft: "", now: 0 },
    isAnswered: () => false
  })

describe("a list of conversations", () => {
  it("loads page by page to the end, and asks for each once", async () => {
    const { asked, begunIds, conversations, lister } = world("active", page([1, 2], "more"), page([3], null))
    assert.deepStrictEqual([lister.get().loading, lister.isLoaded], ["first", false])
    await Promise.all([lister.more(), lister.more()])
    assert.deepInclude(lister.get(), { hasMore: true, loading: "idle", error: null })
    await lister.more()
    assert.deepStrictEqual([lister.get().hasMore, lister.isWhole], [false, true])
    await lister.more()
    assert.deepStrictEqual(asked, [undefined, "more"])
    assert.deepStrictEqual(begunIds, [[idOf(1), idOf(2)], [idOf(3)]])
    // Told once and then not any more: whoever is not watched would be there for ever.
    assert.isUndefined(conversations.passing(idOf(3)).presence)
  })

  it("leaves what is held of a conversation as it is, but for who the other person is by now", async () => {
    const { begunIds, conversations, lister } = world("active", page([1], null))
    conversations.put(begun({ id: idOf(1), pos: 9, tag: tagAt(9), messageCount: 4 }))
    await lister.more()
    const other = { userId: "person 1", name: "Person 1" }
    assert.deepInclude(conversations.get(idOf(1)), { pos: 9, messageCount: 4, other })
    assert.deepStrictEqual(begunIds, [[]])
  })

  it("shows why it failed, and tries the same page again", async () => {
    const offline = new ClientError("offline", "no network")
    const { asked, lister } = world("active", page([1], "more"), offline, page([2], null))
    await lister.more()
    await lister.more()
    assert.deepInclude(lister.get(), { error: offline, loading: "idle", hasMore: true })
    await lister.more()
    assert.deepInclude(lister.get(), { error: null, hasMore: false })
    assert.deepStrictEqual(asked, [undefined, "more", "more"])
  })

  it("goes on in the next life where it was", async () => {
    const { asked, lister, make } = world("active", page([1], "more"), page([2], null))
    await lister.more()
    const next = make()
    await next.restore()
    assert.deepInclude(next.get(), { hasMore: true, loading: "idle" })
    await next.more()
    assert.deepStrictEqual(asked, [undefined, "more"])
    const last = make()
    await last.restore()
    assert.isTrue(last.isWhole)
  })

  it("of the archive is loaded when somebody looks at it, and not before", async () => {
    const { asked, lister } = world("archived", page([1], null))
    assert.deepStrictEqual(asked, [])
    lister.subscribe(() => {})
    await lister.more()
    assert.deepStrictEqual(asked, [undefined])
  })

  it("shows its own kind, newest first, and tells nobody when nothing changed", () => {
    const { lister } = world("active")
    const all = [1, 3, 2].map((n) => shown(begun({ id: `c${n}`, lastActivityAt: timeAt(n) })))
    const archived = shown(begun({ id: "c4", status: "AUTO_ARCHIVED", lastActivityAt: timeAt(4) }))
    let told = 0
    lister.subscribe(() => {
      told += 1
    })
    const ids = lister.show([...all, archived]).map(({ id }) => id)
    assert.deepStrictEqual(ids, ["c3", "c2", "c1"])
    const before = lister.get()
    lister.show([archived, ...all])
    assert.deepStrictEqual([told, lister.get() === before], [1, true])
  })
})

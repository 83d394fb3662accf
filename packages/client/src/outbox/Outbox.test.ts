import { assert, describe, it } from "@effect/vitest"
import { conversationId } from "../../../../test/client/Histories.ts"
import { waiting } from "../../../../test/client/Waiting.ts"
import type { ClientStore } from "../store/ClientStore.ts"
import { MemoryStore } from "../store/MemoryStore.ts"
import { AloneTab } from "../tabs/AloneTab.ts"
import type { TabMessage } from "../tabs/Tabs.ts"
import { Outbox } from "./Outbox.ts"

const make = (store: ClientStore = new MemoryStore()) => {
  const tabs = new AloneTab()
  const told: Array<TabMessage> = []
  const changed: Array<string> = []
  const tell = (message: TabMessage) => void told.push(message)
  const outbox = new Outbox(store, { ...tabs, tell }, (id) => changed.push(id))
  return { outbox, store, told, changed }
}

const failure = { code: "rate_limited", message: "too many", retryAfterMs: 60_000 }
const final = { code: "forbidden", message: "not yours", retryAfterMs: null }
const [one, two, three] = [waiting(1), waiting(2), waiting(3)]
const names = (outbox: Outbox) => outbox.of(conversationId).map(({ text }) => text)
const stored = async (store: ClientStore) => (await store.entries("outbox")).map(([key]) => key)

/** A store whose next reading answers what was there when it began, and answers it late. */
const readingLate = () => {
  const store = new MemoryStore()
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const entries: ClientStore["entries"] = async (collection) => {
    const read = await store.entries(collection)
    await gate
    return read
  }
  return { store: { ...store, entries }, open }
}

describe("what one wrote and is not on record", () => {
  it("REQ-3 is kept, shown and told to other tabs, and there after a reload", async () => {
    const { changed, outbox, store, told } = make()
    await outbox.keep(one)
    assert.deepStrictEqual(outbox.of(conversationId), [one])
    assert.strictEqual(outbox.find(one.clientMessageId), one)
    assert.strictEqual(outbox.unsent.get(), 1)
    assert.deepStrictEqual(changed, [conversationId])
    assert.deepStrictEqual(told, [{ about: "outbox", gone: null }])
    const next = make(store).outbox
    await next.reload()
    assert.deepStrictEqual(next.of(conversationId), [one])
  })

  it("is not shown when it could not be kept", async () => {
    const store = new MemoryStore()
    const { outbox, told } = make({ ...store, write: () => Promise.reject(new Error("full")) })
    const kept = await outbox.keep(one).then(
      () => "kept",
      (error: Error) => error.message
    )
    assert.strictEqual(kept, "full")
    assert.deepStrictEqual([names(outbox), outbox.unsent.get(), told], [[], 0, []])
  })

  it("goes out in the order of writing, also of one millisecond", async () => {
    const { outbox, store } = make()
    const all = Array.from({ length: 20 }, (_, n) => waiting(n + 1, { order: outbox.nextOrder(5_000) }))
    await Promise.all(all.map((entry) => outbox.keep(entry)))
    const next = make(store).outbox
    await next.reload()
    assert.deepStrictEqual(
      names(next),
      all.map((entry) => entry.text)
    )
    assert.strictEqual(new Set(all.map((entry) => entry.order)).size, 20)
  })

  it("goes out in the order of writing, also when the clock was set back", async () => {
    const { outbox, store } = make()
    await outbox.keep(waiting(2, { order: outbox.nextOrder(5_000) }))
    await outbox.keep(waiting(1, { order: outbox.nextOrder(1_000) }))
    await outbox.keep(waiting(3, { order: outbox.nextOrder(9_000) }))
    const inOrder = ["text 2", "text 1", "text 3"]
    assert.deepStrictEqual(names(outbox), inOrder)
    const next = make(store).outbox
    await next.reload()
    assert.deepStrictEqual(names(next), inOrder)
    assert.strictEqual(next.next(conversationId)?.text, "text 2")
  })

  it("waits behind one that failed, but not behind one that can never go out", async () => {
    const { outbox } = make()
    for (const entry of [one, two]) await outbox.keep(entry)
    await outbox.keep({ ...one, failure })
    assert.isUndefined(outbox.next(conversationId))
    assert.deepStrictEqual([...outbox.waiting], [conversationId])
    await outbox.keep({ ...one, failure: final })
    assert.strictEqual(outbox.next(conversationId)?.text, "text 2")
    assert.isUndefined(outbox.next("another"))
  })

  it("shows until its event comes once it was answered, and is not sent again", async () => {
    const { changed, outbox, store } = make()
    for (const entry of [one, two]) await outbox.keep(entry)
    changed.length = 0
    await outbox.answered(one.clientMessageId, 9)
    assert.isTrue(outbox.isAnswered(one.clientMessageId))
    assert.deepStrictEqual(names(outbox), ["text 1", "text 2"])
    assert.strictEqual(outbox.next(conversationId)?.text, "text 2")
    assert.strictEqual(outbox.unsent.get(), 1)
    assert.deepStrictEqual(await stored(store), [two.clientMessageId])
    assert.isTrue(outbox.settle(one.clientMessageId))
    assert.deepStrictEqual(names(outbox), ["text 2"])
    assert.isFalse(outbox.isAnswered(one.clientMessageId))
    assert.isFalse(outbox.settle(one.clientMessageId), "its event counts once")
    assert.include(changed, conversationId)
  })

  it("is settled by its event alone, when that comes before the answer", async () => {
    const { outbox, store } = make()
    await outbox.keep(one)
    assert.isTrue(outbox.settle(one.clientMessageId))
    await outbox.answered(one.clientMessageId, 9)
    assert.deepStrictEqual([names(outbox), outbox.unsent.get(), await stored(store)], [[], 0, []])
    assert.isFalse(outbox.isAnswered(one.clientMessageId))
  })

  it("is settled though the store cannot forget it, and comes back with the next start", async () => {
    const store = new MemoryStore()
    await make(store).outbox.keep(one)
    const { outbox } = make({ ...store, write: () => Promise.reject(new Error("full")) })
    await outbox.reload()
    outbox.settle(one.clientMessageId)
    await outbox.reload()
    assert.deepStrictEqual(names(outbox), [])
    assert.deepStrictEqual(await stored(store), [one.clientMessageId])
  })

  it("is gone for good when it is discarded, here and in other tabs", async () => {
    const { outbox, store, told } = make()
    const elsewhere = make(store).outbox
    await outbox.keep(one)
    await elsewhere.reload()
    await outbox.discard(one.clientMessageId)
    assert.deepStrictEqual([names(outbox), await stored(store)], [[], []])
    assert.deepStrictEqual(told.at(-1), { about: "outbox", gone: one.clientMessageId })
    elsewhere.discardedElsewhere(one.clientMessageId)
    await elsewhere.reload()
    assert.deepStrictEqual(names(elsewhere), [])
  })

  it("W2 that another tab had answered shows as sent until its event comes here, and is not sent", async () => {
    const { outbox, store } = make()
    const elsewhere = make(store).outbox
    await outbox.keep(one)
    await elsewhere.reload()
    await outbox.answered(one.clientMessageId, 9)
    await elsewhere.reload()
    assert.isTrue(elsewhere.isAnswered(one.clientMessageId))
    assert.deepStrictEqual([names(elsewhere), elsewhere.unsent.get()], [["text 1"], 0])
    assert.isUndefined(elsewhere.next(conversationId))
  })

  it("drops what it cannot read, and keeps the rest", async () => {
    const { outbox, store } = make()
    await store.write([
      { collection: "outbox", key: "x", value: { text: 7 } },
      { collection: "outbox", key: one.clientMessageId, value: one }
    ])
    await outbox.reload()
    assert.deepStrictEqual(names(outbox), ["text 1"])
  })
})

describe("a reading of the outbox that began before", () => {
  it("does not bring back what was settled meanwhile", async () => {
    const { open, store } = readingLate()
    const { outbox } = make(store)
    await outbox.keep(one)
    const reading = outbox.reload()
    outbox.settle(one.clientMessageId)
    open()
    await reading
    assert.deepStrictEqual([names(outbox), outbox.unsent.get()], [[], 0])
  })

  it("does not take what was written meanwhile for answered", async () => {
    const { open, store } = readingLate()
    const { outbox } = make(store)
    await outbox.keep(one)
    const reading = outbox.reload()
    await outbox.keep(two)
    open()
    await reading
    assert.isFalse(outbox.isAnswered(two.clientMessageId))
    assert.deepStrictEqual([names(outbox), outbox.unsent.get()], [["text 1", "text 2"], 2])
    await outbox.answered(one.clientMessageId, 9)
    assert.strictEqual(outbox.next(conversationId)?.text, "text 2")
  })

  it("does not undo what became of one meanwhile", async () => {
    const { open, store } = readingLate()
    const { outbox } = make(store)
    for (const entry of [one, three]) await outbox.keep(entry)
    const reading = outbox.reload()
    await outbox.keep({ ...one, attempts: 4, failure })
    open()
    await reading
    assert.deepStrictEqual(outbox.find(one.clientMessageId)?.failure, failure)
    assert.isUndefined(outbox.next(conversationId))
  })
})

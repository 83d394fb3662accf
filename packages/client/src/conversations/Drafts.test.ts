import { afterEach, assert, beforeEach, describe, it, vi } from "vitest"
import type { ClientStore } from "../store/ClientStore.ts"
import { MemoryStore } from "../store/MemoryStore.ts"
import { AloneTab } from "../tabs/AloneTab.ts"
import type { TabMessage } from "../tabs/Tabs.ts"
import { Drafts } from "./Drafts.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const make = (store: ClientStore = new MemoryStore()) => {
  const told: Array<TabMessage> = []
  const changed: Array<string> = []
  const tabs = { ...new AloneTab(), tell: (message: TabMessage) => void told.push(message) }
  return { drafts: new Drafts(store, tabs, (id) => changed.push(id)), store, told, changed }
}

const pause = () => vi.advanceTimersByTimeAsync(1_000)

describe("what one began to write", () => {
  it("shows at once, and is kept after a pause, once for all keys", async () => {
    const store = new MemoryStore()
    const written: Array<unknown> = []
    const write: ClientStore["write"] = (changes) => {
      written.push(...changes)
      return store.write(changes)
    }
    const { changed, drafts, told } = make({ ...store, write })
    for (const text of ["h", "he", "he"]) drafts.set("c", text)
    assert.deepStrictEqual([drafts.of("c"), changed, written], ["he", ["c", "c"], []])
    await pause()
    assert.deepStrictEqual(written, [{ collection: "drafts", key: "c", value: "he" }])
    assert.deepStrictEqual(told, [{ about: "draft", conversationId: "c" }])
  })

  it("is there after a reload, and gone when it was sent", async () => {
    const { drafts, store } = make()
    drafts.set("c", "hello")
    drafts.flush()
    await pause()
    const next = make(store).drafts
    await next.reload()
    assert.strictEqual(next.of("c"), "hello")
    next.set("c", "")
    await pause()
    assert.deepStrictEqual(await store.entries("drafts"), [])
    await drafts.reload()
    assert.strictEqual(drafts.of("c"), "")
  })

  it("is not replaced by what another tab kept while keys are pressed here", async () => {
    const { drafts, store } = make()
    await store.write([{ collection: "drafts", key: "c", value: "from elsewhere" }])
    drafts.set("c", "from here")
    await drafts.reload()
    assert.strictEqual(drafts.of("c"), "from here")
    await pause()
    assert.deepStrictEqual(await store.entries("drafts"), [["c", "from here"]])
  })

  it("is not undone by a reading that began before it was kept", async () => {
    const store = new MemoryStore()
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const entries: ClientStore["entries"] = async (collection) => {
      const read = await store.entries(collection)
      await gate
      return read
    }
    await store.write([{ collection: "drafts", key: "c", value: "hel" }])
    const { drafts } = make({ ...store, entries })
    const reading = drafts.reload()
    drafts.set("c", "hello")
    await pause()
    open()
    await reading
    assert.strictEqual(drafts.of("c"), "hello")
  })
})

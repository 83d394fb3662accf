import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { begun, entriesOf, tagAt, timeAt } from "../../../../test/client/Histories.ts"
import { Conversations } from "../conversations/Conversations.ts"
import { MemoryStore } from "../store/MemoryStore.ts"
import { keepCache, MOST_CONVERSATIONS, MOST_ENTRIES, readCache } from "./Cache.ts"

const nth = (n: number) => begun({ id: `c${n}`, lastActivityAt: timeAt(n), pos: 1, tag: tagAt(1) })
const turn = Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)))
const later = Effect.andThen(turn, Effect.andThen(TestClock.adjust(1_000), turn))
const kept = (store: MemoryStore) => Effect.promise(() => store.entries("conversations"))

describe("the cache", () => {
  it.effect("keeps what changes, and answers it to the next start", () =>
    Effect.gen(function* () {
      const [store, conversations] = [new MemoryStore(), new Conversations()]
      yield* keepCache(store, conversations)
      conversations.put(nth(1))
      conversations.put(nth(2))
      conversations.remove("c2")
      assert.deepStrictEqual(yield* kept(store), [])
      yield* later
      const next = new Conversations()
      yield* Effect.promise(() => readCache(store, next))
      assert.deepStrictEqual([...next.all], [nth(1)])
    })
  )

  it.effect("is bounded: the newest conversations, and the newest entries of each", () =>
    Effect.gen(function* () {
      const [store, conversations] = [new MemoryStore(), new Conversations()]
      yield* keepCache(store, conversations)
      const all = MOST_CONVERSATIONS + 20
      for (let n = 1; n <= all; n += 1) conversations.put(nth(n))
      yield* later
      conversations.put({ ...nth(1), lastActivityAt: timeAt(all + 1) })
      const tail = entriesOf(Array.from({ length: MOST_ENTRIES + 30 }, () => "mine" as const))
      conversations.update("c300", (held) => ({ ...held, pos: tail.length, tail }))
      yield* later
      const ids = (yield* kept(store)).map(([key]) => key)
      assert.lengthOf(ids, MOST_CONVERSATIONS)
      assert.includeMembers(ids, ["c1", `c${all}`])
      assert.notInclude(ids, "c21")
      const next = new Conversations()
      yield* Effect.promise(() => readCache(store, next))
      const long = next.get("c300")
      assert.deepStrictEqual(long?.tail, tail.slice(-MOST_ENTRIES))
      assert.deepInclude(long, { tailFrom: 30, hasEarlier: true, pos: tail.length })
    })
  )

  it.effect("leaves out what it cannot read, and what came from the service is newer", () =>
    Effect.gen(function* () {
      const [store, conversations] = [new MemoryStore(), new Conversations()]
      const put = (key: string, value: unknown) => ({ collection: "conversations" as const, key, value })
      const changes = [put("c1", nth(1)), put("c2", { ...nth(2), pos: "far" }), put("c3", nth(3))]
      yield* Effect.promise(() => store.write(changes))
      conversations.put({ ...nth(3), unreadCount: 7 })
      yield* Effect.promise(() => readCache(store, conversations))
      assert.deepStrictEqual([...conversations.all].map(({ id }) => id).toSorted(), ["c1", "c3"])
      assert.strictEqual(conversations.get("c3")?.unreadCount, 7)
    })
  )

  it.effect("is not written for what only passes, as when somebody types", () =>
    Effect.gen(function* () {
      const [store, conversations] = [new MemoryStore(), new Conversations()]
      const keys: Array<string> = []
      const write: MemoryStore["write"] = (changes) => {
        keys.push(...changes.map(({ key }) => key))
        return store.write(changes)
      }
      yield* keepCache({ ...store, write }, conversations)
      for (const n of [1, 2]) conversations.put(nth(n))
      yield* later
      conversations.pass("c1", { typingUntil: 3_000 })
      yield* later
      assert.deepStrictEqual(keys, ["c1", "c2"])
      conversations.update("c1", (held) => ({ ...held, unreadCount: 1 }))
      yield* later
      assert.deepStrictEqual(keys, ["c1", "c2", "c1"])
    })
  )

  it.effect("goes on when the store fails", () =>
    Effect.gen(function* () {
      const [store, conversations] = [new MemoryStore(), new Conversations()]
      let broken = true
      const write: MemoryStore["write"] = (changes) =>
        broken ? Promise.reject(new Error("full")) : store.write(changes)
      const { flush } = yield* keepCache({ ...store, write }, conversations)
      conversations.put(nth(1))
      yield* later
      broken = false
      conversations.put(nth(2))
      yield* turn
      yield* flush
      const ids = () => Effect.map(kept(store), (entries) => entries.map(([key]) => key).toSorted())
      assert.deepStrictEqual(yield* ids(), ["c2"])
      conversations.touch("c1")
      yield* later
      assert.deepStrictEqual(yield* ids(), ["c1", "c2"])
    })
  )
})

import { assert, describe, it } from "@effect/vitest"
import { begun } from "../../../../test/client/Histories.ts"
import { Conversations } from "./Conversations.ts"

const told = (conversations: Conversations) => {
  const changes: Array<ReadonlyArray<string>> = []
  conversations.listen((changed) => changes.push([...changed].toSorted()))
  return changes
}

const turn = () => new Promise<void>((resolve) => queueMicrotask(resolve))

describe("what a device knows of conversations", () => {
  it("is told once for all changes of a turn, and no more when nothing changes", async () => {
    const conversations = new Conversations()
    const changes = told(conversations)
    conversations.put(begun({ id: "a" }))
    conversations.put(begun({ id: "b" }))
    conversations.update("a", (held) => ({ ...held, unreadCount: 1 }))
    assert.deepStrictEqual(changes, [])
    await turn()
    assert.deepStrictEqual(changes, [["a", "b"]])
    await turn()
    assert.lengthOf(changes, 1)
    assert.strictEqual(conversations.get("a")?.unreadCount, 1)
  })

  it("gathers over turns, until the last who gathers ends", async () => {
    const conversations = new Conversations()
    const changes = told(conversations)
    const [first, second] = [conversations.gather(), conversations.gather()]
    conversations.put(begun({ id: "a" }))
    await turn()
    first()
    conversations.put(begun({ id: "b" }))
    await turn()
    assert.deepStrictEqual(changes, [])
    second()
    assert.deepStrictEqual(changes, [["a", "b"]])
  })

  it("tells nothing of what it does not have, and of what is removed once", async () => {
    const conversations = new Conversations()
    const changes = told(conversations)
    conversations.update("a", (held) => held)
    conversations.remove("a")
    await turn()
    assert.deepStrictEqual(changes, [])
    conversations.put(begun({ id: "a" }))
    conversations.remove("a")
    await turn()
    assert.deepStrictEqual(changes, [["a"]])
    assert.strictEqual(conversations.size, 0)
  })

  it("forgets who is there and types when the line is cut, and keeps the rest", async () => {
    const conversations = new Conversations()
    conversations.put(begun({ id: "a" }))
    conversations.pass("a", { presence: { online: true, lastSeenAt: null } })
    conversations.pass("a", { typingUntil: 7 })
    assert.deepStrictEqual(conversations.passing("a"), {
      presence: { online: true, lastSeenAt: null },
      typingUntil: 7
    })
    await turn()
    const changes = told(conversations)
    conversations.forgetPassing()
    await turn()
    assert.deepStrictEqual(changes, [["a"]])
    assert.deepStrictEqual(conversations.passing("a"), { presence: undefined, typingUntil: 0 })
    assert.isDefined(conversations.get("a"))
    conversations.forgetAll()
    assert.deepStrictEqual([...conversations.all], [])
  })

  it("no longer tells who stopped listening", async () => {
    const conversations = new Conversations()
    let times = 0
    const stop = conversations.listen(() => {
      times += 1
    })
    conversations.touch("a")
    await turn()
    stop()
    conversations.touch("a")
    await turn()
    assert.strictEqual(times, 1)
  })
})

import { type ClientStore, collections } from "../../packages/client/src/store/ClientStore.ts"
import { outcome, type PlayedCase } from "./PlayedCase.ts"

const put = (key: string, value: unknown, collection: (typeof collections)[number] = "outbox") => ({
  collection,
  key,
  value
})

/** In an order of its own: a store has none. */
const all = async (store: ClientStore, collection: (typeof collections)[number] = "outbox") =>
  [...(await store.entries(collection))].sort(([a], [b]) => (a < b ? -1 : 1))

const entry = { text: "hello 👋", metadata: { order: 7, urgent: true, note: null }, list: [1, [2]] }

export const clientStoreContract: ReadonlyArray<PlayedCase<ClientStore>> = [
  {
    name: "is empty at first, in each collection",
    play: async (open) => {
      const store = open()
      return Promise.all(collections.map((collection) => all(store, collection)))
    },
    expected: [[], [], [], []]
  },
  {
    name: "answers what was written, each collection for itself",
    play: async (open) => {
      const store = open()
      await store.write([put("a", entry), put("a", "hel", "drafts"), put("b", 0, "about")])
      return Promise.all(collections.map((collection) => all(store, collection)))
    },
    expected: [[["a", entry]], [], [["a", "hel"]], [["b", 0]]]
  },
  {
    name: "takes keys of any kind for themselves",
    play: async (open) => {
      const store = open()
      const keys = ["", "__proto__", "ключ", "👋", "a".repeat(300)]
      await store.write(keys.map((key) => put(key, key.length)))
      const kept = new Map(await store.entries("outbox"))
      return keys.map((key) => kept.get(key))
    },
    expected: [0, 9, 4, 2, 300]
  },
  {
    name: "replaces, forgets what is undefined, and lets the last change of a key count",
    play: async (open) => {
      const store = open()
      await store.write([put("a", 1), put("b", 1), put("c", 1)])
      await store.write([put("a", 2), put("b", undefined), put("none", undefined)])
      await store.write([put("c", undefined), put("c", 3)])
      return all(store)
    },
    expected: [
      ["a", 2],
      ["c", 3]
    ]
  },
  {
    name: "writes all of it or nothing",
    play: async (open) => {
      const store = open()
      await store.write([put("a", 1)])
      const unkeepable = put("c", () => 1)
      const refused = await outcome(store.write([put("a", 2), put("b", 2, "drafts"), unkeepable]))
      const after = await outcome(store.write([put("d", 4)]))
      return [refused, after, await all(store), await all(store, "drafts")]
    },
    expected: [
      "refused",
      "done",
      [
        ["a", 1],
        ["d", 4]
      ],
      []
    ]
  },
  {
    name: "keeps what was written, not what becomes of it later",
    play: async (open) => {
      const store = open()
      const draft = { text: "hello" }
      await store.write([put("a", draft)])
      draft.text = "changed"
      return all(store)
    },
    expected: [["a", { text: "hello" }]]
  },
  {
    name: "shows one tab what another has written, and forgotten",
    play: async (open) => {
      const [one, other] = [open(), open()]
      await one.write([put("a", 1), put("b", 1)])
      const written = await all(other)
      await other.write([put("a", undefined)])
      return [written, await all(one)]
    },
    expected: [
      [
        ["a", 1],
        ["b", 1]
      ],
      [["b", 1]]
    ]
  },
  {
    name: "loses nothing of what tabs write at the same time",
    play: async (open) => {
      const tabs = [open(), open(), open()]
      await Promise.all(
        Array.from({ length: 60 }, (_, n) => tabs[n % 3]?.write([put(`${n}`, n), put(`${n}`, n, "drafts")]))
      )
      return [(await all(open())).length, (await all(open(), "drafts")).length]
    },
    expected: [60, 60]
  },
  {
    name: "has what was written when it is opened anew",
    play: async (open) => {
      const store = open()
      await store.write([put("a", entry)])
      await store.close()
      return all(open())
    },
    expected: [["a", entry]]
  },
  {
    name: "forgets everything, and goes on from there",
    play: async (open) => {
      const store = open()
      await store.write(collections.map((collection) => put("a", 1, collection)))
      await store.clear()
      // Whoever signs in next.
      const next = open()
      const cleared = await Promise.all(collections.map((collection) => all(next, collection)))
      await next.write([put("b", 2)])
      return [cleared, await all(next)]
    },
    expected: [[[], [], [], []], [["b", 2]]]
  },
  {
    name: "takes no changes for nothing to do",
    play: async (open) => outcome(open().write([])),
    expected: "done"
  }
]

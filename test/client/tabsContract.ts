import type { Tabs } from "../../packages/client/src/tabs/Tabs.ts"
import { outcome, type PlayedCase } from "./PlayedCase.ts"

const never = new AbortController().signal
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

/** Tabs of one person at one service. `open` may answer the same again where there is but one. */
export const tabsContract: ReadonlyArray<PlayedCase<Tabs>> = [
  {
    name: "one task of a name at a time, in any tab, each in its turn",
    play: async (open) => {
      const tabs = [open(), open()]
      const log: Array<string> = []
      const task = (n: number) => async () => {
        log.push(`${n} begins`)
        await turn()
        log.push(`${n} ends`)
        return n
      }
      const all = [0, 1, 2, 3].map((n) => tabs[n % 2]?.exclusively("outbox", never, task(n)))
      const answers = await Promise.all(all)
      return [answers, log]
    },
    expected: [[0, 1, 2, 3], [0, 1, 2, 3].flatMap((n) => [`${n} begins`, `${n} ends`])]
  },
  {
    name: "tasks of different names side by side",
    play: async (open) => {
      const tabs = open()
      const { promise, resolve } = Promise.withResolvers<string>()
      const waits = tabs.exclusively("one", never, () => promise)
      await tabs.exclusively("other", never, async () => resolve("let go by the other"))
      return waits
    },
    expected: "let go by the other"
  },
  {
    name: "gives the next its turn when one fails, and says that it failed",
    play: async (open) => {
      const tabs = open()
      const failing = tabs.exclusively("outbox", never, () => Promise.reject(new Error("no")))
      const next = tabs.exclusively("outbox", never, async () => "had its turn")
      return [await outcome(failing), await next]
    },
    expected: ["refused", "had its turn"]
  },
  {
    name: "gives up waiting when it is told to, at once, and never begins",
    play: async (open) => {
      const tabs = open()
      const { promise, resolve } = Promise.withResolvers<string>()
      const first = tabs.exclusively("outbox", never, () => promise)
      const leaving = new AbortController()
      let began = false
      const second = tabs.exclusively("outbox", leaving.signal, async () => {
        began = true
      })
      const third = tabs.exclusively("outbox", never, async () => "third")
      await turn()
      leaving.abort()
      const gaveUp = await second
      resolve("first")
      return [gaveUp, await first, await third, began]
    },
    expected: [undefined, "first", "third", false]
  },
  {
    name: "does not begin what was given up before",
    play: async (open) => {
      let began = false
      const answer = await open().exclusively("outbox", AbortSignal.abort(), async () => {
        began = true
      })
      return [answer, began]
    },
    expected: [undefined, false]
  }
]

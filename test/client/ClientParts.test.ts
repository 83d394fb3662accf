import { fileURLToPath } from "node:url"
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { MemoryStore } from "../../packages/client/src/store/MemoryStore.ts"
import { AloneTab } from "../../packages/client/src/tabs/AloneTab.ts"
import { chromium, launch } from "../browser/Chromium.ts"
import { serveProgram } from "../browser/ServedProgram.ts"
import { clientStoreContract } from "./clientStoreContract.ts"
import { tabsContract } from "./tabsContract.ts"

describe("ClientStore in memory", () => {
  it.each(clientStoreContract)("$name", async ({ expected, play }) => {
    const store = new MemoryStore()
    assert.deepStrictEqual(await play(() => store), expected)
  })
})

describe("Tabs of a program alone", () => {
  it.each(tabsContract)("$name", async ({ expected, play }) => {
    const tab = new AloneTab()
    assert.deepStrictEqual(await play(() => tab), expected)
  })
})

describe.skipIf(chromium === undefined)("in Chromium", () => {
  let served: Awaited<ReturnType<typeof serveProgram>>
  let browser: Browser
  let context: BrowserContext
  const newPage = async () => {
    const page = await context.newPage()
    await page.goto(served.url)
    await page.waitForFunction(() => window.parts !== undefined)
    return page
  }
  let page: Awaited<ReturnType<typeof newPage>>

  beforeAll(async () => {
    ;[served, browser] = await Promise.all([
      serveProgram(fileURLToPath(new URL("Parts.page.ts", import.meta.url))),
      launch()
    ])
    context = await browser.newContext()
    page = await newPage()
  })
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  describe("ClientStore on IndexedDB", () => {
    it.each(clientStoreContract)("$name", async ({ expected, name }) => {
      assert.deepStrictEqual(await page.evaluate((name) => window.parts.store(name), name), expected)
    })
  })

  describe("Tabs of a browser", () => {
    it.each(tabsContract)("$name", async ({ expected, name }) => {
      assert.deepStrictEqual(await page.evaluate((name) => window.parts.tabs(name), name), expected)
    })

    it("gives the turn of a tab that was closed in the midst of it to the next", async () => {
      const holding = await newPage()
      await holding.evaluate(
        () =>
          new Promise<void>((began) => {
            window.parts.make().exclusively("outbox", new AbortController().signal, () => {
              began()
              return new Promise(() => {})
            })
          })
      )
      const isHeld = () => page.evaluate(async () => (await navigator.locks.query()).held?.length)
      assert.strictEqual(await isHeld(), 1)
      const turn = page.evaluate(() =>
        window.parts.make().exclusively("outbox", new AbortController().signal, async () => "its turn")
      )
      await page.waitForFunction(async () => (await navigator.locks.query()).pending?.length === 1)
      await holding.close()
      assert.strictEqual(await turn, "its turn")
      assert.strictEqual(await isHeld(), 0)
    })

    it("tells the others, in order, and not oneself, nor what is no message of tabs", async () => {
      const pages = await Promise.all([newPage(), newPage()])
      for (const page of pages) {
        await page.evaluate(() => {
          window.told = []
          window.tab = window.parts.make()
          window.tab.listen((message) => window.told.push(message))
        })
      }
      const [one, other] = pages
      await one.evaluate(() => {
        new BroadcastChannel("indelible https://chat.example.com ann").postMessage("noise")
        window.tab.tell({ about: "draft", conversationId: "c" })
        window.tab.tell({ about: "outbox", gone: "m" })
      })
      await other.waitForFunction(() => window.told.length >= 2)
      assert.deepStrictEqual(await other.evaluate(() => window.told), [
        { about: "draft", conversationId: "c" },
        { about: "outbox", gone: "m" }
      ])
      await other.evaluate(() => window.tab.tell({ about: "signed-out" }))
      await one.waitForFunction(() => window.told.length > 0)
      assert.deepStrictEqual(await one.evaluate(() => window.told), [{ about: "signed-out" }])
      await Promise.all(pages.map((page) => page.close()))
    })
  })
})

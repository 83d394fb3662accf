import { afterEach, assert, describe, it } from "vitest"
import * as BrowserWorld from "./BrowserWorld.ts"
import { chromium } from "./Chromium.ts"

const world = BrowserWorld.forThisFile()
afterEach(() => world().leave())

const tall = { viewport: { width: 1_000, height: 1_800 } }
const lines = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name} ${n + 1}`)

/** Two people that look at their conversation. */
const two = async () => {
  const { id, ids, ...rest } = await world().pair()
  const [here, there] = await Promise.all([
    world().visitor(ids.business, `/c/${id}`, tall),
    world().visitor(ids.worker, `/c/${id}`, tall)
  ])
  await here.composer.waitFor()
  await there.composer.waitFor()
  return { here, there, id, ids, ...rest }
}

describe.skipIf(chromium === undefined)("two people, each with a browser", () => {
  it("REQ-MSG-005 NFR-MSG-USAB-001 write, see each other type, and see how far each message got", async () => {
    const { ids, id } = await world().pair()
    const here = await world().visitor(ids.business, "/", tall)
    await here.open("Wanda Worker")
    await here.write("Can you come on Friday?")
    await here.seesState("sent")

    // There the list is open, and not the conversation: it is delivered, not read.
    const there = await world().visitor(ids.worker, "/", tall)
    await here.seesState("delivered")
    await there.page
      .getByRole("row", { name: /Acme Bakery/ })
      .getByText("Can you come on Friday?")
      .waitFor()
    await there.page.getByText("1 unread message", { exact: true }).first().waitFor()
    await there.page.waitForFunction(() => document.title.startsWith("(1)"))
    await there.open("Acme Bakery")
    await here.seesState("read")
    await there.page.waitForFunction(() => !document.title.startsWith("("))

    await there.composer.pressSequentially("Yes, at n")
    await here.page.getByText("Wanda Worker is typing").or(here.page.getByText("typing…")).first().waitFor()
    await there.composer.press("Control+A")
    await there.write("Yes, at nine")
    await here.seesTexts(["Can you come on Friday?", "Yes, at nine"])
    assert.include(there.page.url(), `/c/${id}`)
    here.assertContent()
    there.assertContent()
  })

  it("NFR-MSG-REL-004 ten messages written without a network, the tab closed and opened, arrive once and in order", async () => {
    const { here, id, ids, there } = await two()
    await here.write("before")
    await here.seesState("read")
    await here.context.setOffline(true)
    await world().run(world().proxy.refuse)
    const written = lines("offline", 10)
    for (const text of written) await here.write(text)
    await here.sees((shown) => shown.filter(({ state }) => state === "queued").length === 10)
    await here.page.getByText("No network.").first().waitFor()
    await here.page.close()
    const again = await here.tab(`/c/${id}`)
    await again.seesTexts(["before", ...written])

    await world().run(world().proxy.heal)
    await here.context.setOffline(false)
    const back = await world().visitor(ids.worker, `/c/${id}`, tall)
    for (const visitor of [again, there, back]) await visitor.seesTexts(["before", ...written], 30_000)
    await again.seesState("read", 30_000)
  })

  it("REL-001 a page reloaded in the midst of sending sends everything once", async () => {
    const { here, there } = await two()
    await world().run(world().proxy.delay(150))
    const written = lines("reloaded", 8)
    for (const text of written) await here.write(text)
    await here.page.reload()
    await world().run(world().proxy.heal)
    await here.seesTexts(written)
    await there.seesTexts(written)
    await here.seesState("read")
  })

  it("two tabs of one person show the same, and send it once", async () => {
    const { here, id, there } = await two()
    const other = await here.tab(`/c/${id}`)
    await other.composer.waitFor()
    await world().run(world().proxy.refuse)
    await here.page.bringToFront()
    await here.write("from the first")
    await other.write("from the second")
    for (const tab of [here, other]) {
      await tab.sees((shown) => shown.filter(({ state }) => state === "queued").length === 2)
    }
    await here.composer.fill("half a tho")
    await other.page.waitForFunction(() => document.querySelector("textarea")?.value === "half a tho")
    await world().run(world().proxy.heal)
    const texts = ["from the first", "from the second"]
    for (const visitor of [here, other, there]) await visitor.seesTexts(texts, 30_000)
    await here.seesState("read")
    await other.seesState("read")
  })

  it("F1 the service killed and started again while both type: nobody reloads, nothing is lost or doubled", async () => {
    const { here, there } = await two()
    for (const { page } of [here, there])
      await page.evaluate(() => document.body.setAttribute("data-same", "page"))
    const [said, answered] = [lines("here", 12), lines("there", 12)]
    const typing = Promise.all([
      (async () => {
        for (const text of said) await here.write(text)
      })(),
      (async () => {
        for (const text of answered) await there.write(text)
      })()
    ])
    await here.sees((shown) => shown.length >= 4)
    await world().kill9()
    await typing
    await here.page
      .getByText(/^No connection/)
      .first()
      .waitFor()
    await world().restart()
    const whole = (shown: ReadonlyArray<{ readonly state: string | null; readonly mine: boolean }>) =>
      shown.length === 24 && shown.every(({ mine, state }) => !mine || state === "read")
    const [mine, theirs] = [await here.sees(whole, 40_000), await there.sees(whole, 40_000)]
    assert.deepStrictEqual(
      mine.map(({ text }) => text),
      theirs.map(({ text }) => text)
    )
    const from = (name: string) => mine.flatMap(({ text }) => (text.startsWith(name) ? [text] : []))
    assert.deepStrictEqual([from("here"), from("there")], [said, answered])
    for (const { page } of [here, there]) {
      assert.strictEqual(await page.evaluate(() => document.body.getAttribute("data-same")), "page")
    }
  })
})

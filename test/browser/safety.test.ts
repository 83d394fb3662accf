import { AxeBuilder } from "@axe-core/playwright"
import type { Page } from "playwright-core"
import { afterEach, assert, describe, it, vi } from "vitest"
import * as BrowserWorld from "./BrowserWorld.ts"
import { chromium } from "./Chromium.ts"

const world = BrowserWorld.forThisFile()
afterEach(() => world().leave())

const hostile = [
  "<script>alert(1)</script>said",
  '"><img src=x onerror=alert(1)>',
  "<scr<script>ipt>alert(1)</script>",
  "<img/src=x/onerror=alert(1)",
  "<svg onload=alert(1)>",
  "javascript:alert(1) and data:text/html,<script>alert(1)</script>",
  "https://paypal.com@evil.test/ and http://good.test/<b>",
  "{{7*7}} &lt;b&gt; a < b && c > d <NotAnElement>"
]

/** What axe finds that keeps people out. */
const assertAccessible = async (page: Page, view: string) => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical")
  assert.deepStrictEqual(
    grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
    [],
    view
  )
}

/** What was written can be found a moment later, and a page that searched too soon does not search again. */
const findable = async (userId: string, words: string) => {
  const program = await world().programOf(userId)
  const isFound = async () => (await program("GET", `/messages/search?q=${words}`)).text.includes("excerpt")
  await vi.waitUntil(isFound, { timeout: 15_000 })
}

/** How much of the page moved by itself while it was made (web.dev: below 0.1 is good). */
const layoutShift = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if ("value" in entry) sum += Number(entry.value)
        }).observe({ type: "layout-shift", buffered: true })
        setTimeout(() => resolve(sum), 100)
      })
  )

describe.skipIf(chromium === undefined)("the messenger", () => {
  it("T1 T2 T3 T12 NFR-MSG-SEC-004 shows what people write and call themselves as text, wherever it shows", async () => {
    const name = '<img src=x onerror=alert(1)> "Eve" {{7*7}}'
    const { id, ids, say } = await world().pair({ worker: name })
    for (const text of hostile) assert.strictEqual((await say.worker(text)).status, 201)
    const here = await world().visitor(ids.business)
    const alerts: Array<string> = []
    here.page.on("dialog", async (dialog) => {
      alerts.push(dialog.message())
      await dialog.dismiss()
    })
    await here.page.getByRole("row").first().click()
    await here.sees((shown) => shown.length === hostile.length)
    const shown = (await here.shown()).map(({ text }) => text)
    assert.strictEqual(shown.at(-1), hostile.at(-1))
    assert.strictEqual(await here.log.locator("img, script, iframe, b").count(), 0)
    const links = await here.log
      .locator("a")
      .evaluateAll((found) =>
        found.map((link) => [
          link.getAttribute("href") ?? "",
          link.getAttribute("rel") ?? "",
          link.textContent
        ])
      )
    assert.isNotEmpty(links)
    for (const [href = "", rel] of links) {
      assert.match(href ?? "", /^(?:https?:|mailto:)/)
      assert.strictEqual(rel, "noopener noreferrer")
    }
    // Nobody is led elsewhere than where they see: what hides its host is no link.
    assert.notInclude(JSON.stringify(links), "evil.test")
    for (const [href = "", , text] of links) assert.include(text ?? "", new URL(href ?? "").host)
    await findable(ids.business, "said")
    await here.page.goto(`${here.origin}/search?q=said`)
    await here.page.locator("mark").first().waitFor()
    await here.page.goto(`${here.origin}/c/${id}`)
    await here.composer.waitFor()
    await here.composer.fill(hostile[1] ?? "")
    await here.page.getByText("Draft:").first().waitFor()
    assert.deepStrictEqual(alerts, [])
    here.assertContent()
  })

  it("keeps nobody out: axe finds nothing serious in any view, in light and dark", async () => {
    const { id, ids, say } = await world().pair()
    await say.worker("Good morning! Here is the link: https://example.com/jobs")
    await say.business("Thank you, see you on Monday")
    const context = await world().browser.newContext()
    const out = await context.newPage()
    await out.goto(world().origin)
    await out.getByRole("heading").first().waitFor()
    await assertAccessible(out, "sign-in")
    await context.close()
    const here = await world().visitor(ids.business, "/", { viewport: { width: 1_280, height: 800 } })
    const { page } = here
    const assertBoth = async (view: string) => {
      for (const colorScheme of ["dark", "light"] as const) {
        await page.emulateMedia({ colorScheme })
        await assertAccessible(page, `${view}, ${colorScheme}`)
      }
    }
    await assertBoth("inbox")
    await here.open("Wanda Worker")
    await here.sees((shown) => shown.length === 2)
    await assertBoth("conversation")
    await findable(ids.business, "monday")
    for (const [path, content] of [
      ["/search?q=monday", "mark"],
      ["/archived", ".nothing"],
      [`/c/${id}?lang=ar`, ".message"]
    ] as const) {
      await page.goto(`${here.origin}${path}`)
      await page.locator(content).first().waitFor()
      await assertAccessible(page, path)
    }
    here.assertContent()
  })

  it("fits small, middling and large screens in both directions, and does not move while it is made", async () => {
    const { id, ids, say } = await world().pair()
    await say.worker("A word without an end: ".concat("x".repeat(400)))
    await say.worker("صباح الخير! متى تبدأ المقابلة؟")
    await findable(ids.business, "word")
    const here = await world().visitor(ids.business, "/")
    const { page } = here
    for (const [width, height] of [
      [360, 740],
      [768, 1_024],
      [1_440, 900]
    ] as const) {
      await page.setViewportSize({ width, height })
      for (const [path, content, direction] of [
        ["/?lang=en", "[role=row]", "ltr"],
        ["/search?q=word", "mark", "ltr"],
        [`/c/${id}?lang=ar`, ".message", "rtl"]
      ] as const) {
        const view = `${path} of ${width} px`
        await page.goto(`${here.origin}${path}`)
        await page.locator(content).first().waitFor()
        assert.isBelow(await layoutShift(page), 0.1, view)
        const { dir, scrollWidth } = await page.evaluate(() => ({
          dir: document.documentElement.dir,
          scrollWidth: document.documentElement.scrollWidth
        }))
        assert.isAtMost(scrollWidth, width, view)
        assert.strictEqual(dir, direction, view)
      }
    }
    here.assertContent()
  })

  it("goes on where a part of it can no longer be loaded, and offers to load the page again", async () => {
    const { ids } = await world().pair()
    const here = await world().visitor(ids.business, "/", { serviceWorkers: "block" })
    const { page } = here
    await page.route("**/assets/SearchResults-*", (route) => route.fulfill({ status: 404 }))
    const search = page.getByRole("searchbox")
    await search.fill("Wanda")
    await page.getByRole("button", { name: "Load the page again" }).waitFor()
    await search.fill("")
    await here.open("Wanda Worker")
    await page.unroute("**/assets/SearchResults-*")
    await search.fill("Wanda")
    await page.getByRole("button", { name: "Load the page again" }).click()
    await page.locator("mark").first().waitFor()
  })
})

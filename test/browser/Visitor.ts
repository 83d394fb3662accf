import type { BrowserContext, Locator, Page } from "playwright-core"
import { assert } from "vitest"

/** A message as a page shows it. */
export interface Shown {
  readonly text: string
  readonly mine: boolean
  /** Of one's own: queued, sent, delivered, read or failed. */
  readonly state: string | null
}

/** Somebody before a browser of their own. What their pages complain of fails the test that asks. */
export class Visitor {
  readonly context: BrowserContext
  readonly page: Page
  readonly origin: string
  readonly complaints: Array<string>

  private constructor(context: BrowserContext, page: Page, origin: string, complaints: Array<string>) {
    this.context = context
    this.page = page
    this.origin = origin
    this.complaints = complaints
  }

  static async enter(
    context: BrowserContext,
    origin: string,
    userId: string,
    path: string
  ): Promise<Visitor> {
    const complaints: Array<string> = []
    const visitor = await Visitor.#open(context, origin, complaints, path)
    const { page } = visitor
    await page.getByLabel("Platform id").fill(userId)
    await page.getByRole("button", { name: "Continue" }).click()
    await visitor.settled()
    return visitor
  }

  static async #open(context: BrowserContext, origin: string, complaints: Array<string>, path: string) {
    const page = await context.newPage()
    page.on("pageerror", (error) => complaints.push(error.message))
    page.on("console", (message) => {
      // A request that fails while there is no service is told here as well, and is what those tests are about.
      if (message.type() === "error" && !message.text().includes("net::ERR_")) complaints.push(message.text())
    })
    await page.goto(`${origin}${path}`)
    return new Visitor(context, page, origin, complaints)
  }

  /** Another tab of the same browser: the same person. */
  tab(path = "/"): Promise<Visitor> {
    return Visitor.#open(this.context, this.origin, this.complaints, path)
  }

  /** The list of conversations is there. */
  async settled(): Promise<void> {
    await this.page.getByRole("grid").or(this.page.getByRole("log")).first().waitFor()
  }

  get composer(): Locator {
    return this.page.getByRole("textbox", { name: /^Write to/ })
  }

  get log(): Locator {
    return this.page.getByRole("log")
  }

  /** Opens the conversation with somebody from the list. */
  async open(name: string): Promise<void> {
    await this.page.getByRole("row", { name }).click()
    await this.composer.waitFor()
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press("Enter")
  }

  /** What stands on the screen, from top to bottom. */
  shown(): Promise<ReadonlyArray<Shown>> {
    return this.log.locator(".message").evaluateAll((messages) =>
      messages
        .map((message) => ({
          top: message.getBoundingClientRect().top,
          text: message.querySelector(".text")?.textContent ?? "",
          mine: message.getAttribute("data-mine") === "true",
          state: message.querySelector(".ticks")?.getAttribute("data-state") ?? null
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ mine, state, text }) => ({ mine, state, text }))
    )
  }

  /** Waits until what is shown is as wanted, or fails with what is shown instead. */
  async sees(
    holds: (shown: ReadonlyArray<Shown>) => boolean,
    patience = 15_000
  ): Promise<ReadonlyArray<Shown>> {
    const end = Date.now() + patience
    for (;;) {
      const shown = await this.shown()
      if (holds(shown)) return shown
      if (Date.now() > end) assert.fail(`not in time: ${JSON.stringify(shown)}`)
      await this.page.waitForTimeout(50)
    }
  }

  /** These texts and no others, in this order. */
  seesTexts(texts: ReadonlyArray<string>, patience?: number): Promise<ReadonlyArray<Shown>> {
    return this.sees(
      (shown) => JSON.stringify(shown.map(({ text }) => text)) === JSON.stringify(texts),
      patience
    )
  }

  /** All of one's own messages got that far. */
  seesState(state: string, patience?: number): Promise<ReadonlyArray<Shown>> {
    return this.sees((shown) => shown.every((message) => !message.mine || message.state === state), patience)
  }

  assertContent(): void {
    assert.deepStrictEqual(this.complaints, [])
  }
}

import { randomBytes } from "node:crypto"
import type { Browser, Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as HttpWorld from "../http/HttpWorld.ts"
import { chromium, launch } from "./Chromium.ts"
import { audience, issuer, platformSignIn } from "./PlatformSignIn.ts"

/** How many records the databases of a page hold. */
const recordsKept = async () => {
  const answer = <A>(request: IDBRequest<A>) =>
    new Promise<A>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  let records = 0
  for (const { name = "" } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      records += await answer(database.transaction(store).objectStore(store).count())
    }
    database.close()
  }
  return records
}

describe.skipIf(chromium === undefined)("the messenger where the platform signs people in", () => {
  const secret = randomBytes(48).toString("base64")
  let platform: Awaited<ReturnType<typeof platformSignIn>> | undefined
  let browser: Browser | undefined
  const started = <A>(part: A | undefined): A => {
    if (part === undefined) throw new Error("it has not been started")
    return part
  }

  beforeAll(async () => {
    platform = await platformSignIn("ada", secret, () => world().origin)
  })
  const world = HttpWorld.forThisFile(() => ({
    JWT_SECRET: secret,
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
    SIGN_IN_URL: started(platform).url
  }))
  beforeAll(async () => {
    browser = await launch()
    const jobs = world().bearing(await started(platform).token({ sub: "jobs", role: "service" }))
    const user = { email: "someone@example.com", status: "active" }
    await jobs("PUT", "/directory/users/ada", { ...user, name: "Ada", role: "worker" })
    await jobs("PUT", "/directory/users/bob", { ...user, name: "Bob Baker", role: "business" })
    const application = { business: "bob", worker: "ada", status: "open" }
    await jobs("PUT", "/directory/applications/a1", application)
    const bob = world().bearing(await started(platform).token({ sub: "bob" }))
    assert.strictEqual((await bob("POST", "/conversations", { applicationId: "a1" })).status, 201)
  })
  afterAll(async () => {
    await browser?.close()
    platform?.close()
  })

  const open = async (
    path: string,
    body: (page: Page, complaints: ReadonlyArray<string>) => Promise<void>
  ) => {
    const context = await started(browser).newContext()
    const complaints: Array<string> = []
    const page = await context.newPage()
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text())
    })
    page.on("pageerror", (error) => complaints.push(String(error)))
    await page.goto(`${world().origin}${path}`)
    await body(page, complaints)
    await context.close()
  }

  it("sends them there and back to where they were, and leaves no token in the address", async () => {
    await open("/archived", async (page, complaints) => {
      await page.locator(".list-pane").waitFor()
      await page.waitForURL(`${world().origin}/archived`)
      const visit = started(platform).visits.at(-1)
      assert.strictEqual(visit?.searchParams.get("return_to"), `${world().origin}/archived`)
      assert.strictEqual(visit?.searchParams.get("for"), "chat")
      assert.notInclude(page.url(), "token")
      await page.goto(`${world().origin}/`)
      await page.getByText("Bob Baker").first().waitFor()
      // What is not there in production is asked for once; nothing was refused by the policy.
      assert.deepStrictEqual(
        complaints.filter((line) => !line.includes("404")),
        []
      )
    })
  })

  it("takes no token that somebody else's link brings", async () => {
    const { token, visits } = started(platform)
    const forged = new URLSearchParams({ token: await token({ sub: "bob" }), state: "forged" })
    const before = visits.length
    await open(`/#${forged}`, async (page) => {
      await page.getByRole("alert").waitFor()
      assert.notInclude(page.url(), "token")
      assert.strictEqual(await page.locator(".list-pane").count(), 0)
      assert.strictEqual(visits.length, before)
    })
  })

  const kept = (page: Page) =>
    page.evaluate(() => ["indelible.person", "indelible.token"].map((name) => sessionStorage.getItem(name)))

  it("takes the new token when somebody signs in again", async () => {
    await open("/", async (page) => {
      await page.getByText("Bob Baker").first().waitFor()
      const refused = (await started(platform).token({ sub: "ada" })).replace(/[^.]+$/, "forged")
      await page.evaluate((token) => sessionStorage.setItem("indelible.token", token), refused)
      await page.reload()
      await page.getByRole("button", { name: "Sign in again" }).click()
      await page.waitForFunction(
        (old) => ![null, old].includes(sessionStorage.getItem("indelible.token")),
        refused
      )
      await page.getByText("Bob Baker").first().waitFor()
      assert.notInclude(page.url(), "token")
    })
  })

  it("stays signed out in every tab, and signs in again on a shared computer", async () => {
    await open("/archived", async (page) => {
      await page.getByRole("button", { name: "Back to messages" }).click()
      const other = await page.context().newPage()
      await other.goto(`${world().origin}/`)
      await other.getByText("Bob Baker").first().waitFor()
      await page.getByText("Bob Baker").first().waitFor()
      const { visits } = started(platform)
      const before = visits.length
      await page.getByRole("button", { name: "Menu" }).click()
      await page.getByRole("menuitem", { name: "Sign out" }).click()
      await page.getByRole("button", { name: "Sign out" }).click()
      for (const tab of [page, other]) {
        await tab.getByRole("button", { name: "Go to sign-in" }).waitFor()
        assert.deepStrictEqual(await kept(tab), [null, null])
        await tab.reload()
        await tab.getByRole("button", { name: "Go to sign-in" }).waitFor()
      }
      assert.strictEqual(visits.length, before)
      await page.getByText("Shared computer").click()
      await page.getByRole("button", { name: "Go to sign-in" }).click()
      await page.getByText("Bob Baker").first().waitFor()
      assert.include((await kept(page))[0], '"keep":"memory"')
      assert.strictEqual(await page.evaluate(recordsKept), 0)
    })
  })

  it("does not go round for ever where the platform sends people back with nothing", async () => {
    await open("/", async (page) => {
      await page.getByText("Bob Baker").first().waitFor()
      await page.evaluate(() => {
        for (const name of ["indelible.person", "indelible.token"]) sessionStorage.removeItem(name)
      })
      const before = started(platform).visits.length
      await page.reload()
      await page.getByRole("button", { name: "Go to sign-in" }).waitFor()
      assert.strictEqual(started(platform).visits.length, before)
    })
  })
})

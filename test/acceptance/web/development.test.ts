import { DevelopmentPerson } from "@indelible/api/development/DevelopmentPerson"
import { Schema } from "effect"
import { afterAll, assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { builtMessenger, page } from "../../messenger/BuiltMessenger.ts"

const built = builtMessenger()
afterAll(built.remove)
const world = HttpWorld.forThisFile({ CORS_ORIGINS: "https://app.example.com" }, {}, {}, built.folder)

const People = Schema.Struct({ people: Schema.Array(DevelopmentPerson) })

describe("the messenger of a service in development", () => {
  it("H21 is under a policy by which only its own parts run, whatever gets into a page", async () => {
    for (const path of ["/", "/search", "/assets/index-4f2a.js", "/favicon.svg"]) {
      const { headers, status } = await world().anyone("GET", path)
      assert.strictEqual(status, 200, path)
      assert.strictEqual(
        headers.get("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
          "font-src 'self'; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; " +
          "form-action 'self'; require-trusted-types-for 'script'"
      )
      assert.strictEqual(headers.get("x-content-type-options"), "nosniff")
      assert.strictEqual(headers.get("referrer-policy"), "no-referrer")
      assert.strictEqual(headers.get("x-frame-options"), "DENY")
      assert.strictEqual(headers.get("cross-origin-opener-policy"), "same-origin")
      assert.include(headers.get("permissions-policy"), "camera=()")
      // Caches between here and there keep apart what differs by either.
      assert.strictEqual(headers.get("vary"), "Accept-Encoding, Origin")
    }
  })

  it("takes no other method, and leaves the addresses of the interface alone", async () => {
    const posted = await world().anyone("POST", "/archived", {})
    assert.strictEqual(posted.outcome, "405 method_not_allowed")
    assert.strictEqual(posted.headers.get("allow"), "GET, HEAD, OPTIONS")
    const head = await world().anyone("HEAD", "/")
    assert.deepStrictEqual([head.status, head.text], [200, ""])
    assert.strictEqual((await world().anyone("GET", "/conversations")).outcome, "401 unauthenticated")
    for (const path of [
      "/c/1",
      "/inbox",
      "/page/page.js",
      "/assets/none.js",
      "/index.html",
      "//archived",
      "/archived/"
    ]) {
      assert.strictEqual((await world().anyone("GET", path)).outcome, "404 not_found", path)
    }
  })

  it("says that there is no place to sign in at but this", async () => {
    assert.deepStrictEqual((await world().anyone("GET", "/sign-in.json")).json, { url: null })
  })

  it("names whom one may be, with what they have: the newest first, as others see them", async () => {
    const { applicationId, business, userIds } = await world().pair()
    const find = async (userId: string) => {
      const { people } = (await world().anyone("GET", "/development/people")).as(People)
      return people.find((person) => person.userId === userId)
    }
    const applications = [{ applicationId, with: userIds.worker }]
    const before = {
      userId: userIds.business,
      name: userIds.business,
      role: "business" as const,
      applications
    }
    assert.deepStrictEqual(await find(userIds.business), { ...before, conversations: 0 })

    const { token } = (await business("POST", "/conversations", { applicationId })).as(
      Schema.Struct({ token: Schema.String })
    )
    await world().readAfter(business, token, "/conversations")
    await world().put(userIds.worker, { name: "<b>Ada</b>" })
    const { people } = (await world().anyone("GET", "/development/people")).as(People)
    assert.deepStrictEqual(people[0], {
      ...{ userId: userIds.worker, name: "Ada", role: "worker" as const, conversations: 1 },
      applications: [{ applicationId, with: userIds.business }]
    })
    assert.deepStrictEqual(await find(userIds.business), {
      ...before,
      conversations: 1,
      applications: [{ applicationId, with: "Ada" }]
    })

    await world().put(userIds.worker, { status: "suspended" })
    assert.isUndefined(await find(userIds.worker))
  })

  it("is a page even where its address says more", async () => {
    const { status, text } = await world().anyone("GET", "/search?q=trial%20day")
    assert.deepStrictEqual([status, text], [200, page])
  })
})

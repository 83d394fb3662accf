import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile()

describe("the page of a service in development", () => {
  it("is at /, with a policy under which only its own scripts and styles run", async () => {
    const page = await world().anyone("GET", "/")
    assert.strictEqual(page.status, 200)
    assert.strictEqual(page.headers.get("content-type"), "text/html; charset=utf-8")
    assert.strictEqual(
      page.headers.get("content-security-policy"),
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
    assert.strictEqual(page.headers.get("x-content-type-options"), "nosniff")
    assert.strictEqual(page.headers.get("referrer-policy"), "no-referrer")
    assert.strictEqual(page.headers.get("x-frame-options"), "DENY")
    // A new version of the program is a new page, at once.
    assert.strictEqual(page.headers.get("cache-control"), "no-cache")
  })

  it("finds its script and style, of types that browsers run under nosniff", async () => {
    const { text } = await world().anyone("GET", "/")
    const links = [...text.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path = ""]) => path)
    assert.deepStrictEqual(links, ["/page/page.css", "/page/page.js"])
    const [style, script] = await Promise.all(links.map((path) => world().anyone("GET", path)))
    assert.strictEqual(style?.headers.get("content-type"), "text/css; charset=utf-8")
    assert.strictEqual(script?.headers.get("content-type"), "text/javascript; charset=utf-8")
  })

  it("takes no other method and gives out no source of the server", async () => {
    const posted = await world().anyone("POST", "/", {})
    assert.strictEqual(posted.outcome, "405 method_not_allowed")
    assert.strictEqual(posted.headers.get("allow"), "GET, HEAD, OPTIONS")
    assert.strictEqual((await world().anyone("GET", "/page/Page.ts")).status, 404)
    assert.strictEqual((await world().anyone("GET", "/page/%2e%2e/main.ts")).status, 404)
  })
})

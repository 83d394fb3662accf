import { assert, describe, it } from "@effect/vitest"
import { HttpRouter } from "effect/http"
import * as Page from "./Page.ts"

const { handler } = HttpRouter.toWebHandler(Page.layer, { disableLogger: true })
const get = (path: string) => handler(new Request(new URL(path, "http://localhost")))

const directives = (response: Response) =>
  new Map(
    (response.headers.get("content-security-policy") ?? "").split("; ").map((directive) => {
      const [name = "", ...values] = directive.split(" ")
      return [name, values]
    })
  )

/** What the page asks its server for: files it names itself, and modules that name each other. */
const asked = async () => {
  const found = new Set<string>()
  const follow = async (path: string): Promise<void> => {
    if (found.has(path)) return
    found.add(path)
    const body = await (await get(path)).text()
    const names = path === "/" ? /(?:src|href)="(\/page\/[^"]+)"/g : /from "(\.\/[^"]+)"/g
    for (const [, name = ""] of body.matchAll(names)) {
      await follow(new URL(name, new URL(path, "http://localhost")).pathname)
    }
  }
  await follow("/")
  return [...found]
}

describe("the page at /", () => {
  it("serves itself with all that it is made of, each by its type", async () => {
    const paths = await asked()
    assert.include(paths, "/page/page.css")
    assert.include(paths, "/page/Connection.js")
    for (const path of paths) {
      const response = await get(path)
      assert.strictEqual(response.status, 200, path)
      const type = path.endsWith(".js") ? "javascript" : path.endsWith(".css") ? "css" : "html"
      assert.strictEqual(response.headers.get("content-type"), `text/${type}; charset=utf-8`)
    }
  })

  it("lets nothing run, load or frame but its own, on every path", async () => {
    for (const path of await asked()) {
      const response = await get(path)
      const policy = directives(response)
      assert.deepStrictEqual(policy.get("default-src"), ["'none'"])
      assert.deepStrictEqual(policy.get("script-src"), ["'self'"])
      assert.deepStrictEqual(policy.get("style-src"), ["'self'"])
      assert.deepStrictEqual(policy.get("frame-ancestors"), ["'none'"])
      assert.deepStrictEqual(policy.get("base-uri"), ["'none'"])
      assert.strictEqual(response.headers.get("x-content-type-options"), "nosniff")
      assert.strictEqual(response.headers.get("referrer-policy"), "no-referrer")
    }
  })

  it("has nothing inline, which the policy would refuse, and never reads markup from text", async () => {
    const html = await (await get("/")).text()
    assert.notMatch(html, /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:/i)
    for (const path of await asked()) {
      assert.notMatch(
        await (await get(path)).text(),
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b/,
        path
      )
    }
  })

  it("shows nothing else of its folder", async () => {
    for (const path of [
      "/page/Page.ts",
      "/page/Page.test.ts",
      "/page/index.html",
      "/page/",
      "/page/..%2fmain.ts"
    ]) {
      assert.strictEqual((await get(path)).status, 404, path)
    }
  })
})

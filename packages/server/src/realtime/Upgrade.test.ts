import { assert, describe, it } from "@effect/vitest"
import { pathOf, refusalOf, tokenOf } from "./Upgrade.ts"

const host = "chat.example.com"
const status = (headers: Record<string, string>, url = "/ws") =>
  refusalOf({ url, headers: { host, ...headers } }, ["https://app.example.com"])?.status

describe("Upgrade", () => {
  it("W1 H18 lets in its own origin, the configured ones, and programs, which have none", () => {
    assert.isUndefined(status({ origin: "https://chat.example.com" }))
    assert.isUndefined(status({ origin: "https://app.example.com" }))
    assert.isUndefined(status({}))
  })

  it("W1 H18 refuses foreign and forged origins, null, and a browser that names none", () => {
    for (const origin of [
      "https://evil.test",
      "null",
      "",
      "https://app.example.com.evil.test",
      "http://app.example.com",
      "https://app.example.com:8443",
      "https://chat.example.com@evil.test",
      "chat.example.com"
    ]) {
      assert.strictEqual(status({ origin }), 403, origin)
    }
    assert.strictEqual(status({ "sec-fetch-mode": "websocket", "sec-fetch-site": "cross-site" }), 403)
    // Node's own WebSocket.
    assert.isUndefined(status({ "sec-fetch-mode": "websocket" }))
  })

  it("W2 refuses a token in the query string, whatever it is called", () => {
    for (const query of ["token=x", "access_token=x", "jwt=x", "Authorization=x", "t=eyJhbGciOi.e30.s"]) {
      assert.strictEqual(status({}, `/ws?${query}`), 401, query)
    }
    assert.isUndefined(status({}, "/ws?client=web"))
  })

  it("W2 reads a bearer token and takes any other authorization for a bad one", () => {
    const of = (authorization: string) => tokenOf({ headers: { authorization } })
    assert.strictEqual(of("Bearer a.b.c"), "a.b.c")
    assert.strictEqual(of("bearer a.b.c"), "a.b.c")
    assert.strictEqual(of("Basic YTpi"), "")
    assert.strictEqual(of("Bearer"), "")
    assert.isUndefined(tokenOf({ headers: {} }))
  })

  it("knows the path of any target", () => {
    assert.strictEqual(pathOf({ url: "/ws?x=1", headers: {} }), "/ws")
    assert.strictEqual(pathOf({ url: "/ws/../admin", headers: {} }), "/admin")
    assert.isUndefined(pathOf({ url: "http://[", headers: {} }))
    assert.strictEqual(pathOf({ headers: {} }), "/")
  })
})

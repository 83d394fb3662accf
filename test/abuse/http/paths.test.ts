import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { rawHttp } from "../../http/RawHttp.ts"

const world = HttpWorld.forThisFile({ CORS_ORIGINS: "https://app.example.com" })

describe("paths and queries", () => {
  it("H10 ids that are none find nothing, whatever they try", async () => {
    const { business } = await world().talk()
    const ids = [
      ...["../../admin", "%2e%2e%2f", "..%2f..%2fetc%2fpasswd", "%00", "%zz", "%", "a".repeat(10_000)],
      ...["id[]=1", "1", "null", "undefined", "__proto__", "constructor", "*", "%F0%9F%92%A9"],
      ...["6F1CE5D1-3A0B-8C4D-9E2F-0A1B2C3D4E5F", "6f1ce5d1-3a0b-4c4d-9e2f-0a1b2c3d4e5f"],
      ...["' OR 1=1--", "6f1ce5d1-3a0b-8c4d-9e2f-0a1b2c3d4e5f.2"]
    ]
    for (const id of ids) {
      for (const path of [`/conversations/${id}`, `/conversations/${id}/messages`, `/messages/${id}x/read`]) {
        const { outcome, status } = await business(path.startsWith("/m") ? "PATCH" : "GET", path)
        assert.include([400, 404], status, `${path.slice(0, 60)}: ${outcome}`)
      }
    }
  })

  it("H10 what a client library would mend is refused too", async () => {
    const { userIds } = await world().pair()
    const token = await world().signIn(userIds.business)
    for (const target of [
      "/conversations/../directory",
      "//conversations",
      "/conversations//",
      "/conversations/%",
      "/conversations;x",
      "*",
      "http://evil.test/conversations/x"
    ]) {
      const connection = await rawHttp(world().port)
      connection.write(
        `GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`
      )
      assert.match(await connection.closed(), /^HTTP\/1\.1 (200|400|404) /, target)
    }
  })

  it("H17 limits and positions are numbers within bounds, or a fault", async () => {
    const { business, path } = await world().talk()
    for (const value of [
      "0",
      "-1",
      "1e9",
      "abc",
      "1e309",
      "0x10",
      "",
      "101",
      "5.0",
      "+5",
      "%20",
      "5&limit=6"
    ]) {
      for (const at of ["/conversations", `${path}/messages`]) {
        const refused = await business("GET", `${at}?limit=${value}`)
        assert.strictEqual(refused.outcome, "400 invalid_request", `${at} ${value}`)
        assert.deepStrictEqual(refused.problem().errors?.[0]?.path[1], "limit")
      }
    }
    for (const value of ["-1", "abc", "1e3", "0x10", "9007199254740993", "1.5", ""]) {
      for (const place of ["before", "after", "around"]) {
        const refused = await business("GET", `${path}/messages?${place}=${value}`)
        assert.strictEqual(refused.outcome, "400 invalid_request", `${place} ${value}`)
      }
    }
    assert.strictEqual((await business("GET", "/conversations?limit=100")).status, 200)
  })

  it("parameters that are not there are named", async () => {
    const { business } = await world().talk()
    for (const query of [
      "status=deleted",
      "status=active&status=archived",
      "limt=5",
      "user=someone",
      "__proto__=1"
    ]) {
      assert.strictEqual(
        (await business("GET", `/conversations?${query}`)).outcome,
        "400 invalid_request",
        query
      )
    }
  })

  it("W2 a token in the query opens nothing", async () => {
    const { userIds } = await world().pair()
    const token = await world().signIn(userIds.business)
    for (const name of ["token", "access_token", "authorization"]) {
      assert.strictEqual(
        (await world().anyone("GET", `/conversations/unread-count?${name}=${token}`)).status,
        401
      )
    }
    assert.notInclude(world().logged.join("\n"), token)
  })

  it("H16 forwarded addresses change nothing", async () => {
    const { business, path } = await world().talk()
    const headers = {
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "evil.test",
      forwarded: "for=127.0.0.1"
    }
    assert.strictEqual((await business("GET", path, undefined, { headers })).status, 200)
    assert.strictEqual((await world().anyone("GET", path, undefined, { headers })).status, 401)
  })
})

describe("H18 pages of other origins", () => {
  const origins = [
    ...["https://evil.test", "null", "https://app.example.com.evil.test", "http://app.example.com"],
    ...["https://APP.example.com", "https://app.example.com:444", "https://xapp.example.com", "*"]
  ]

  it.each(origins)("%s may not read", async (origin) => {
    const { business, path } = await world().talk()
    for (const method of ["GET", "OPTIONS"]) {
      const { headers } = await business(method, path, undefined, {
        headers: { origin, "access-control-request-method": "GET" }
      })
      assert.isNull(headers.get("access-control-allow-origin"))
      assert.isNull(headers.get("access-control-allow-credentials"))
      assert.strictEqual(headers.get("vary"), "Origin")
    }
  })

  it("the one that is allowed may, by name and without credentials, refusals included", async () => {
    const { business, path } = await world().talk()
    const headers = { origin: "https://app.example.com", "access-control-request-method": "PATCH" }
    const preflight = await world().anyone("OPTIONS", `${path}/archive`, undefined, { headers })
    assert.strictEqual(preflight.status, 204)
    assert.strictEqual(preflight.headers.get("access-control-allow-origin"), "https://app.example.com")
    assert.include(preflight.headers.get("access-control-allow-methods"), "PATCH")
    assert.include(preflight.headers.get("access-control-allow-headers"), "Authorization")
    for (const by of [business, world().anyone]) {
      const answer = await by("GET", path, undefined, { headers })
      assert.strictEqual(answer.headers.get("access-control-allow-origin"), "https://app.example.com")
      assert.isNull(answer.headers.get("access-control-allow-credentials"))
    }
  })
})

import { createHash, randomUUID } from "node:crypto"
import { PgClient } from "@effect/sql-pg"
import { Effect } from "effect"
import { Reactivity } from "effect/reactivity"
import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile()

/** Headers of a conversation's events, as they are stored. */
const storedHeaders = (conversationId: string) =>
  Effect.gen(function* () {
    const sql = yield* PgClient.makeClient({ url: world().database })
    const rows = yield* sql<{ readonly header: string }>`
      SELECT convert_from(header, 'UTF8') AS header FROM event WHERE stream_id LIKE ${`%${conversationId}`}`
    return rows.map(({ header }) => header).join("\n")
  }).pipe(Effect.scoped, Effect.provide(Reactivity.layer), Effect.runPromise)

const policyOf = (headers: Headers) => headers.get("content-security-policy") ?? ""

describe("what describes the interface", () => {
  it("the OpenAPI document is served", async () => {
    const { headers, json, status } = await world().anyone("GET", "/openapi.json")
    assert.strictEqual(status, 200)
    assert.include(headers.get("content-type"), "application/json")
    assert.deepInclude(json, { openapi: "3.1.0" })
  })

  it("the AsyncAPI document is served", async () => {
    const { headers, json, status } = await world().anyone("GET", "/asyncapi.json")
    assert.strictEqual(status, 200)
    assert.include(headers.get("content-type"), "application/json")
    assert.deepInclude(json, { asyncapi: "3.0.0" })
  })

  it("the page to browse it has all it needs in it, and may run nothing else", async () => {
    const { headers, text } = await world().anyone("GET", "/docs")
    const scripts = [...text.matchAll(/<script(?: [^>]*)?>([\s\S]*?)<\/script>/g)]
    assert.isAtLeast(scripts.length, 1)
    for (const [tag = "", script = ""] of scripts) {
      assert.notMatch(tag.slice(0, 200), /<script[^>]* src=/)
      if (tag.startsWith("<script>")) {
        assert.include(policyOf(headers), createHash("sha256").update(script).digest("base64"))
      }
    }
    assert.notInclude(policyOf(headers), "script-src 'unsafe-inline'")
    assert.notMatch(text.slice(0, 2_000), /https?:\/\//)
  })

  it("every problem's type leads to a page that explains it", async () => {
    const { problem } = await world().anyone("GET", "/conversations")
    const page = await world().anyone("GET", problem().type)
    assert.strictEqual(page.status, 200)
    assert.include(page.text, "<code>unauthenticated</code>")
    assert.strictEqual((await world().anyone("GET", "/problems")).status, 200)
    assert.strictEqual((await world().anyone("GET", "/problems/none")).outcome, "404 not_found")
  })
})

describe("every answer", () => {
  it("H21 has the headers that keep browsers from doing harm", async () => {
    const { business, path } = await world().talk()
    const answers = [
      await business("GET", path),
      await business("GET", `${path}x`),
      await business("DELETE", path),
      await world().anyone("GET", "/nothing/here"),
      await world().anyone("GET", "/docs"),
      await world().anyone("GET", "/health/live")
    ]
    for (const { headers, outcome } of answers) {
      assert.strictEqual(headers.get("x-content-type-options"), "nosniff", outcome)
      assert.strictEqual(headers.get("referrer-policy"), "no-referrer", outcome)
      assert.include(policyOf(headers), "default-src 'none'", outcome)
      assert.include(policyOf(headers), "frame-ancestors 'none'", outcome)
      assert.isNull(headers.get("strict-transport-security"), outcome)
      assert.isNull(headers.get("access-control-allow-origin"), outcome)
    }
    for (const { headers } of answers.slice(0, 4))
      assert.strictEqual(headers.get("cache-control"), "no-store")
  })

  it("carries the request's own correlation id when it is a UUID, and another otherwise", async () => {
    const { business, path } = await world().talk()
    const by = async (id: string) => {
      // Refused, and so logged.
      const { headers } = await business("GET", `${path}/none`, undefined, {
        headers: { "x-correlation-id": id }
      })
      return headers.get("x-correlation-id") ?? ""
    }
    const own = randomUUID()
    assert.strictEqual(await by(own.toUpperCase()), own)
    for (const odd of ["jane.doe", "a b", "x".repeat(65), "a;b", '"}', `${own}0`])
      assert.match(await by(odd), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, odd)
  })

  it("stores no correlation id of a client's own making, and logs it beside the one that is stored", async () => {
    const { business, id, path } = await world().talk()
    const { headers } = await business(
      "POST",
      `${path}/messages`,
      { type: "TEXT", clientMessageId: randomUUID(), text: "hello" },
      { headers: { "x-correlation-id": "jane.doe_1" } }
    )
    const stored = await storedHeaders(id)
    assert.include(stored, headers.get("x-correlation-id") ?? "none")
    assert.notInclude(stored, "jane.doe_1")
    await business("PUT", path, undefined, { headers: { "x-correlation-id": "jane.doe_2" } })
    const line = world().logged.findLast((entry) => entry.includes("jane.doe_2"))
    assert.match(line ?? "", /"correlationId":"[0-9a-f-]{36}"/)
    assert.include(line, '"clientCorrelationId":"jane.doe_2"')
  })
})

describe("REQ-MSG-008 AC-MSG-006 nothing is ever deleted", () => {
  it.each(["", ".2", "/messages", "/messages/5"])(
    "H11 DELETE and PUT are refused by name (%s)",
    async (rest) => {
      const { business, id } = await world().talk()
      const path = rest === ".2" ? `/messages/${id}.2` : `/conversations/${id}${rest}`
      for (const method of ["DELETE", "PUT"]) {
        const refused = await business(method, path)
        assert.strictEqual(refused.outcome, "405 nothing_is_deleted")
        assert.include(refused.headers.get("allow"), "OPTIONS")
      }
      const line = world().logged.findLast((entry) => entry.includes("nothing_is_deleted"))
      assert.match(line ?? "", /"who":"[0-9a-f-]{36}"/)
    }
  )

  it("H11 other methods are told which there are", async () => {
    const { business, path } = await world().talk()
    const wrong = await business("POST", path)
    assert.strictEqual(wrong.outcome, "405 method_not_allowed")
    assert.strictEqual(wrong.headers.get("allow"), "GET, HEAD, OPTIONS")
    const options = await world().anyone("OPTIONS", `${path}/archive`)
    assert.strictEqual(options.status, 204)
    assert.strictEqual(options.headers.get("allow"), "PATCH, OPTIONS")
    assert.strictEqual((await business("HEAD", path)).status, 200)
    assert.strictEqual((await business("GET", "/conversation")).outcome, "404 not_found")
  })
})

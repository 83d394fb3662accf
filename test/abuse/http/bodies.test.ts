import { randomUUID } from "node:crypto"
import { assert, describe, it } from "vitest"
import { ConversationView } from "../../http/Answers.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile()
const bytes = (...values: ReadonlyArray<number>) => new Uint8Array(values)
const utf8 = (text: string) => new Uint8Array(Buffer.from(text))

describe("bodies", () => {
  it("H5 fields that are unknown or only for reading are named, and nothing is done", async () => {
    const { business, path } = await world().talk()
    const send = { type: "TEXT", clientMessageId: randomUUID(), text: "hi" }
    for (const field of [
      ...["senderId", "sender", "seq", "pos", "id", "sentAt", "createdAt", "deliveredAt", "readAt"],
      ...["status", "role", "__proto__", "constructor", "toString", "Text"]
    ]) {
      const raw = JSON.stringify(send).replace("{", `{${JSON.stringify(field)}:{"polluted":true},`)
      const refused = await business("POST", `${path}/messages`, undefined, { raw })
      assert.strictEqual(refused.outcome, "400 invalid_request", field)
      assert.deepStrictEqual(refused.problem().errors?.[0]?.path, ["payload", field])
    }
    for (const key of ["__proto__", "constructor", "prototype"]) {
      const raw = JSON.stringify({ ...send, metadata: {} }).replace("{}", `{${JSON.stringify(key)}:"x"}`)
      const refused = await business("POST", `${path}/messages`, undefined, { raw })
      assert.deepStrictEqual(refused.problem().errors?.[0]?.path, ["payload", "metadata"], key)
    }
    assert.notProperty({}, "polluted")
    assert.strictEqual((await business("GET", path)).as(ConversationView).messageCount, 0)
  })

  it("R2 every fault of a body is named at once", async () => {
    const { business, path } = await world().talk()
    const refused = await business("POST", `${path}/messages`, {
      type: "IMAGE",
      clientMessageId: "1",
      text: 5
    })
    const paths = refused.problem().errors?.map((error) => error.path.join("."))
    assert.sameMembers([...(paths ?? [])], ["payload.type", "payload.clientMessageId", "payload.text"])
  })

  it("requests that say all in their path take no field", async () => {
    const { business, path, id } = await world().talk()
    for (const [method, at] of [
      ["POST", `${path}/read`],
      ["PATCH", `/messages/${id}.2/read`],
      ["PATCH", `${path}/archive`]
    ] as const) {
      for (const raw of ['{"upTo":1}', "[]", '"all"', "1", '{"__proto__":{}}']) {
        assert.strictEqual(
          (await business(method, at, undefined, { raw })).outcome,
          "400 invalid_request",
          raw
        )
      }
    }
    for (const basedOn of [0, -1, 1.5, "1", null, 1e300]) {
      assert.strictEqual(
        (await business("PATCH", `${path}/archive`, { basedOn })).outcome,
        "400 invalid_request"
      )
    }
  })

  it("H6 deep nesting is refused in milliseconds, and nobody else waits", async () => {
    const { business, path } = await world().talk()
    for (const raw of ["[".repeat(60_000), '{"a":'.repeat(12_000), `{"text":${"[".repeat(50_000)}`]) {
      const started = performance.now()
      const [refused, health] = await Promise.all([
        business("POST", `${path}/messages`, undefined, { raw }),
        world().anyone("GET", "/health/live")
      ])
      assert.strictEqual(refused.outcome, "400 malformed_body")
      assert.strictEqual(health.status, 200)
      assert.isBelow(performance.now() - started, 500)
    }
    const larger = await business("POST", `${path}/messages`, undefined, { raw: "[".repeat(100_000) })
    assert.strictEqual(larger.outcome, "413 body_too_large")
  })

  it("H7 only JSON in UTF-8 is read as JSON", async () => {
    const { business, path } = await world().talk()
    const good = JSON.stringify({ type: "TEXT", clientMessageId: randomUUID(), text: "hi" })
    const post = (raw: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) =>
      business("POST", `${path}/messages`, undefined, { raw, headers })
    for (const type of [
      ...["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"],
      ...["application/jsonp", "text/json", "application/problem+json", ""]
    ]) {
      assert.strictEqual(
        (await post(good, { "content-type": type })).outcome,
        "415 unsupported_media_type",
        type
      )
    }
    const zipped = await post(good, { "content-encoding": "gzip" })
    assert.strictEqual(zipped.outcome, "415 unsupported_media_type")

    const utf16 = new Uint8Array(Buffer.from(`\ufeff${good}`, "utf16le"))
    const wrong = [
      new Uint8Array([...utf8('{"text":"'), 0xc3, 0x28, ...utf8('"}')]),
      utf16,
      new Uint8Array(Buffer.from(good, "utf16le")),
      bytes(0xff),
      bytes(0xed, 0xa0, 0x80),
      ...["", "{", "{}{}", "{'a':1}", '{"a":1,}', "undefined", "NaN", "\u0000"].slice(1).map(utf8)
    ]
    for (const raw of wrong) assert.strictEqual((await post(raw)).outcome, "400 malformed_body", String(raw))
    for (const type of ["application/json; charset=utf-8", "Application/JSON"]) {
      assert.include([200, 201], (await post(good, { "content-type": type })).status)
    }
    assert.strictEqual((await business("POST", `${path}/messages`)).outcome, "400 invalid_request")
  })

  it("T5 ten megabytes are refused before they are read", async () => {
    const { business, path } = await world().talk()
    const raw = JSON.stringify({ type: "TEXT", clientMessageId: randomUUID(), text: "x".repeat(10_000_000) })
    const refused = await business("POST", `${path}/messages`, undefined, { raw }).catch(() => undefined)
    // Whoever goes on sending may find the connection closed before they read the answer.
    if (refused !== undefined) assert.strictEqual(refused.outcome, "413 body_too_large")
    assert.strictEqual((await world().anyone("GET", "/health/live")).status, 200)
  })
})

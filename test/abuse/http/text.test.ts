import { randomUUID } from "node:crypto"
import { assert, describe, it } from "vitest"
import { ConversationView, History, Sent } from "../../http/Answers.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile()

const talk = async () => {
  const { business, path, readAfter, send, worker } = await world().talk()
  return {
    path,
    worker,
    refused: async (text: string) => (await send(business, text)).outcome,
    /** What the other person reads of a text, in the list and in the conversation. */
    read: async (text: string) => {
      const { token } = (await send(business, text)).as(Sent)
      const { messages } = (await readAfter(worker, token, `${path}/messages?limit=1`)).as(History)
      const preview = (await worker("GET", path)).as(ConversationView).lastMessage?.preview
      return { text: messages[0]?.text, preview }
    }
  }
}

describe("texts over HTTP", () => {
  it("T1 no HTML element reaches a reader", async () => {
    const { read } = await talk()
    for (const text of [
      "<script>alert(1)</script>x",
      '"><img src=x onerror=alert(1)>',
      "<scr<script>ipt>alert(1)</script>",
      "<img/src=x/onerror=alert(1)>y",
      "<svg><script>alert(1)</script></svg>z"
    ]) {
      const seen = await read(text)
      for (const readable of [seen.text, seen.preview])
        assert.notMatch(readable ?? "", /<[a-z/!][^>]*>/i, text)
    }
  })

  it("T2 T12 what is no markup comes back exactly", async () => {
    const { read } = await talk()
    for (const text of [
      ...["a < b && c > d", "<NotAnElement>", "&lt;b&gt;", "&amp;amp;", "1 <3 2", "{{7*7}}", `\${7*7}`],
      ...[
        "%s%n%x",
        "'; DROP TABLE events;--",
        "\\u0041",
        "https://paypal.com@evil.test/",
        "javascript:alert(1)"
      ]
    ]) {
      assert.strictEqual((await read(text)).text, text)
    }
  })

  it("T10 every script and emoji comes back exactly, and previews are cut between characters", async () => {
    const { read } = await talk()
    for (const text of [
      ...[
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈🇩🇪🇯🇵",
        "👍🏽",
        "3️⃣",
        "مرحبا 123 abc",
        "天気がいい",
        "สวัสดี",
        "नमस्ते",
        "e\u0301 \u00e9",
        "שלום"
      ]
    ]) {
      assert.strictEqual((await read(text)).text, text)
    }
    const family = "👨‍👩‍👧‍👦"
    assert.strictEqual((await read(family.repeat(150))).preview, family.repeat(100))
  })

  it("T4 one to 5,000 code points, something of them visible", async () => {
    const { read, refused } = await talk()
    for (const text of ["", " ", "\n\t ", "\u200b", "\u3164", "x".repeat(5_001), "😀".repeat(5_001)]) {
      assert.strictEqual(await refused(text), "400 invalid_request", JSON.stringify(text.slice(0, 5)))
    }
    const family = "👨‍👩‍👧‍👦"
    for (const text of ["x", "x".repeat(5_000), "😀".repeat(5_000), family.repeat(714)]) {
      assert.strictEqual((await read(text)).text, text)
    }
    assert.strictEqual(await refused(family.repeat(715)), "400 invalid_request")
  })

  it("T4 5,000 code points fit however they are escaped", async () => {
    const { business, path } = await world().talk()
    const raw = `{"type":"TEXT","clientMessageId":"${randomUUID()}","text":"${"\\ud83d\\ude00".repeat(5_000)}"}`
    assert.strictEqual((await business("POST", `${path}/messages`, undefined, { raw })).status, 201)
  })

  it("T6 T7 what cannot be kept as it is is refused, not mended", async () => {
    const { refused } = await talk()
    for (const text of ["a\u0000b", "\ud800", "a\udc00", "\ud83d", "\ude00\ud83d"]) {
      assert.strictEqual(await refused(text), "400 invalid_request", JSON.stringify(text))
    }
    const { business, path } = await world().talk()
    for (const escape of ["\\ud800", "\\u0000", "x\\udfffy"]) {
      const raw = `{"type":"TEXT","clientMessageId":"${randomUUID()}","text":"${escape}"}`
      const answer = await business("POST", `${path}/messages`, undefined, { raw })
      assert.deepStrictEqual(answer.problem().errors?.[0]?.path, ["payload", "text"])
    }
  })

  it("T8 T11 overrides and controls do not reach readers, right-to-left text does", async () => {
    const { read } = await talk()
    assert.strictEqual((await read("abc\u202edef\u2066ghi")).text?.includes("\u202e"), false)
    assert.strictEqual((await read("one\ntwo\tthree")).text, "one\ntwo\tthree")
    assert.strictEqual((await read("a\u0007b\u001b[31mc\u0085d")).text, "ab[31mcd")
    const rtl = "שלום עולם! مرحبا"
    assert.strictEqual((await read(rtl)).text, rtl)
  })

  it("T9 more marks than any script stacks are refused", async () => {
    const { read, refused } = await talk()
    assert.strictEqual(await refused(`a${"\u0301".repeat(500)}`), "400 invalid_request")
    const few = `a${"\u0301".repeat(5)}`
    assert.strictEqual((await read(few)).text, few)
  })

  it("T11 one request is one line of the log, whatever was sent", async () => {
    const { business, path } = await world().talk()
    await business("GET", `${path}?a=%0Aevil`, undefined, { headers: { "x-correlation-id": "a\tb" } })
    for (const line of world().logged) assert.notMatch(line, /[\r\n\u2028\u2029]/)
  })

  it("labels are flat, small and storable", async () => {
    const { business, path } = await world().talk()
    const send = (metadata: unknown) =>
      business("POST", `${path}/messages`, {
        type: "TEXT",
        clientMessageId: randomUUID(),
        text: "x",
        metadata
      })
    for (const metadata of [
      { a: {} },
      { a: [] },
      [],
      "x",
      5,
      { a: "x".repeat(2_100) },
      { a: "\ud800" },
      { a: "\u0000" },
      { "\u0000": 1 }
    ]) {
      const refused = await send(metadata)
      assert.strictEqual(refused.outcome, "400 invalid_request", JSON.stringify(metadata).slice(0, 30))
      assert.strictEqual(refused.problem().errors?.[0]?.path[1], "metadata")
    }
    for (const metadata of [{}, null, { a: "x".repeat(2_000) }])
      assert.strictEqual((await send(metadata)).status, 201)
  })

  it("refusals quote nothing of what was sent", async () => {
    const { business, path } = await world().talk()
    const body = {
      type: "S3CRET",
      clientMessageId: "S3CRET",
      text: "S3CRET\u0000",
      metadata: { S3: { CRET: 1 } }
    }
    const refused = await business("POST", `${path}/messages`, body)
    assert.strictEqual(refused.status, 400)
    assert.notInclude(refused.text, "S3CRET")
    assert.notInclude(world().logged.join("\n"), "S3CRET")
  })
})

import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { DisplayName } from "./DisplayName.ts"
import { MessageMetadata } from "./MessageMetadata.ts"
import { messageText } from "./MessageText.ts"

const accepts = (schema: Schema.Codec<unknown, unknown>, value: unknown) =>
  assert.deepStrictEqual(Schema.decodeUnknownResult(schema)(value), Result.succeed(value))

const complaint = (schema: Schema.Codec<unknown, unknown>, value: unknown) => {
  const result = Schema.decodeUnknownResult(schema)(value)
  assert(Result.isFailure(result), "refused")
  return result.failure.message
}

const invisible = [
  " ",
  "\n\t",
  "\u200b",
  "\u200b\u2060\ufeff",
  "\u3164",
  "\u00a0\u2003",
  "\u2800",
  "\u202e",
  "\u0007"
]

describe("REQ-MSG-003: what may be sent", () => {
  const text = messageText()
  const family = "👩‍👩‍👧‍👦"

  it("T4 counts code points: the maximum is accepted, one more is not", () => {
    accepts(text, "x".repeat(5000))
    accepts(text, "😀".repeat(5000))
    accepts(text, family.repeat(714))
    assert.strictEqual(complaint(text, family.repeat(715)), "must be 1 to 5000 Unicode code points long")
    assert.strictEqual(complaint(text, "x".repeat(5001)), "must be 1 to 5000 Unicode code points long")
    assert.strictEqual(complaint(messageText(3), "abcd"), "must be 1 to 3 Unicode code points long")
    assert.strictEqual(complaint(text, ""), "must be 1 to 5000 Unicode code points long")
  })

  it.each(invisible)("T4 refuses the invisible text %j", (blank) => {
    assert.strictEqual(complaint(text, blank), "must contain something visible")
  })

  it("T6 T7 refuses what cannot be stored as it was sent", () => {
    assert.strictEqual(complaint(text, "a\u0000b"), "must not contain U+0000")
    for (const half of ["a\ud800", "\udc00b", "\udc00\ud800"]) {
      assert.strictEqual(complaint(text, half), "must be well-formed Unicode, without lone surrogates")
    }
  })

  it("T9 refuses more than 30 combining marks on one character", () => {
    accepts(text, `Z${"\u0351".repeat(30)}`)
    assert.match(complaint(text, `Z${"\u0351".repeat(500)}`), /30 combining marks/)
  })

  it.each([
    "<script>alert(1)</script>",
    "{{7*7}}",
    "a\r\nb\u2028\u202ec",
    "👋🏽 🇩🇪 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "मनीष नमस्ते ไทย 漢字",
    "שָׁלוֹם وَعَلَيْكُم",
    "۝",
    "."
  ])("T1 T10 T12 accepts %j as it is", (sent) => accepts(text, sent))

  it("never quotes the text in its complaint", () => {
    assert.notInclude(complaint(text, `secret\u0000`), "secret")
    assert.notInclude(complaint(text, 12345), "12345")
  })
})

describe("names", () => {
  it("accepts people's names, and markup as text", () => {
    for (const name of [
      "Ada",
      "Åsa Öberg-O'Neill",
      "محمد",
      "日本 太郎",
      "<script>alert(1)</script>",
      "Zoë 👩‍🚀"
    ]) {
      accepts(DisplayName, name)
    }
    accepts(DisplayName, "x".repeat(200))
  })

  it("T8 refuses reordering, controls, line breaks, blank and overlong names", () => {
    for (const name of [
      "a\u202eb",
      "\u2066a",
      "a\u2069",
      "a\u202ab",
      "a\nb",
      "a\tb",
      "a\u2028b",
      "a\u009b"
    ]) {
      assert.match(complaint(DisplayName, name), /bidirectional/)
    }
    assert.strictEqual(complaint(DisplayName, "\u200b "), "must contain something visible")
    assert.match(complaint(DisplayName, "x".repeat(201)), /200/)
    assert.match(complaint(DisplayName, ""), /200/)
    assert.match(complaint(DisplayName, "\ud800"), /surrogate/)
  })
})

describe("metadata", () => {
  it("accepts a flat object of up to 2 KB as JSON in UTF-8, and returns it as sent", () => {
    accepts(MessageMetadata, { job: "a", score: 1.5, urgent: true, none: null, "": "" })
    accepts(MessageMetadata, {})
    accepts(MessageMetadata, { a: "x".repeat(2048 - '{"a":""}'.length) })
    assert.match(complaint(MessageMetadata, { a: "x".repeat(2049 - '{"a":""}'.length) }), /2048 bytes/)
    assert.match(complaint(MessageMetadata, { a: "é".repeat(1024) }), /2048 bytes/)
  })

  it("refuses what is not flat, not finite, or not an object", () => {
    for (const value of [
      [],
      "x",
      1,
      null,
      { a: {} },
      { a: [] },
      { a: Number.NaN },
      { a: Infinity },
      { a: undefined }
    ]) {
      complaint(MessageMetadata, value)
    }
  })

  it("H5 refuses names that JavaScript objects reserve, and leaves Object.prototype alone", () => {
    for (const key of ["__proto__", "constructor", "prototype"]) {
      assert.match(complaint(MessageMetadata, JSON.parse(`{"${key}":"x"}`)), new RegExp(`named ${key}`))
      complaint(MessageMetadata, JSON.parse(`{"${key}":{"polluted":true}}`))
    }
    assert.notProperty({}, "polluted")
  })

  it("T6 T7 refuses unstorable keys and values", () => {
    for (const value of [{ "a\u0000": 1 }, { a: "\u0000" }, { "\ud800": 1 }, { a: "\udfff" }]) {
      assert.match(complaint(MessageMetadata, value), /U\+0000|surrogates/)
    }
  })
})

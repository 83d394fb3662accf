import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { foldWord } from "./FoldWord.ts"
import { wordsOf } from "./Words.ts"

const lexemes = (text: string) => wordsOf(text).map(({ lexeme }) => lexeme)

describe("the words of a text", () => {
  it.each([
    ["Zürich ÉTÉ Straße ŁÓDŹ Ærø", ["zurich", "ete", "strasse", "lodz", "aero"]],
    ["e\u0301te\u0301 ﬁn Ｗｉｄｅ m² İstanbul ırmak", ["ete", "fin", "wide", "m2", "istanbul", "irmak"]],
    ["ГОРОД ёлка Αθήνας", ["город", "елка", "αθηνασ"]],
    ["Hello.World km/h e-mail", ["hello", "world", "km", "h", "e", "mail"]],
    ["anna@example.com", ["anna", "example", "com"]],
    ["don’t <NotAnElement> &lt;b&gt;", ["don", "t", "notanelement", "lt", "b", "gt"]],
    ["شُكْرًا مُحَمَّد أحمد می\u200cخواهم", ["شكرا", "محمد", "احمد", "میخواهم"]],
    ["שָׁלוֹם", ["שלום"]],
    ["हिन्दी", ["हिन्दी"]],
    ["天气", ["天气", "气"]],
    ["天", ["天"]],
    ["iPhone手机2024", ["iphone", "手机", "机", "2024"]],
    ["ガ ｶﾞ カ\u3099", ["ガ", "ガ", "ガ"]],
    ["한국 \u1112\u1161\u11ab", ["한국", "국", "한"]],
    ["กรุง", ["กรุ", "รุง", "ง"]],
    ["👍🏽 👍❤️❤ 🇨🇭 👨‍👩‍👧", ["👍", "👍", "❤", "❤", "🇨🇭", "👨👩👧"]],
    ["! :* & | \\ % _ '' \u0000", []]
  ])("%j", (text, expected) => assert.deepStrictEqual(lexemes(text), expected))

  it("stand where they were found, in order", () => {
    const text = "So: 天气, été!"
    assert.deepStrictEqual(
      wordsOf(text).map(({ end, first, start }) => [
        text.slice(start, end),
        first === null ? null : text.slice(start, first)
      ]),
      [
        ["So", null],
        ["天气", "天"],
        ["气", "气"],
        ["été", null]
      ]
    )
  })

  it("are cut where Postgres would not take them, wherever they are asked for", () => {
    assert.deepStrictEqual(lexemes("x".repeat(5000)), ["x".repeat(64)])
    assert.deepStrictEqual(lexemes("𝒳".repeat(5000)), ["x".repeat(64)])
    assert.isBelow(Buffer.byteLength(lexemes(`न${"\u093f".repeat(3000)}`).join()), 2046)
  })

  it.prop("of any text: whole, folded already, and each in its place", [Schema.String], ([text]) => {
    let before = 0
    for (const { end, first, lexeme, start } of wordsOf(text)) {
      assert.isTrue(lexeme !== "" && lexeme.isWellFormed())
      assert.strictEqual(foldWord(lexeme), lexeme)
      assert.isTrue(before <= start && start < end && end <= text.length)
      before = first ?? end
    }
  })
})

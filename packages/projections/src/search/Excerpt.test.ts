import { assert, describe, it } from "@effect/vitest"
import { readable } from "@indelible/domain/text/ReadableText"
import { Result, Schema } from "effect"
import { type Excerpt, excerptLength, excerptOf } from "./Excerpt.ts"
import { searchQuery } from "./ReadQuery.ts"

const of = (text: string, typed: string) => excerptOf(text, Result.getOrThrow(searchQuery(typed)))
/** Hits in brackets, cuts as dots. */
const shown = ({ cutAfter, cutBefore, parts }: Excerpt) =>
  [
    cutBefore ? "…" : "",
    ...parts.map(({ hit, text }) => (hit ? `[${text}]` : text)),
    cutAfter ? "…" : ""
  ].join("")

const BIDI = /[\u202a-\u202e\u2066-\u2069]/g
const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" })

describe("an excerpt", () => {
  it.each([
    ["Der Zug nach Zürich fährt", "zurich", "Der Zug nach [Zürich] fährt"],
    ["Zu\u0308rich", "zür", "[Zu\u0308rich]"],
    ["今天天气很好", "天气", "今天[天气]很好"],
    ["今天天气很好", "天", "今[天天]气很好"],
    ["write to anna@example.com!", "example.com", "write to anna@[example.com]!"],
    ["late shift, late night", '"late night"', "late shift, [late night]"],
    ["a shift", "shift -night", "a [shift]"],
    ["well 👍🏽!", "👍", "well [👍🏽]!"],
    ["nothing here", "other", "nothing here"]
  ])("marks in %j what %j finds", (text, typed, expected) =>
    assert.strictEqual(shown(of(text, typed)), expected)
  )

  it("is the text round the first hit", () => {
    const text = `${"x ".repeat(1000)}needle${" y".repeat(1000)}`
    const cut = of(text, "needle")
    assert.strictEqual(shown(cut), `…${" x".repeat(20).slice(1)} [needle]${" y".repeat(57)}…`)
    assert.strictEqual(cut.parts.map((part) => part.text).join("").length, excerptLength)
  })

  it("leaves no isolate open where it is cut (T8)", () => {
    const text = readable(`\u2067${"שלום ".repeat(60)}needle ${"שלום ".repeat(60)}\u2069`)
    assert.notMatch(shown(of(text, "needle")), BIDI)
  })

  it.prop(
    "of any text is part of it, in whole visible characters, as readers get it",
    [Schema.String, Schema.String.check(Schema.isMaxLength(3))],
    ([start, word]) => {
      const text = readable(`${start} ${word} ${start}👨‍👩‍👧‍👦${start}e\u0301`.repeat(5).toWellFormed())
      const query = searchQuery(word)
      if (Result.isFailure(query)) return
      const { cutAfter, cutBefore, parts } = excerptOf(text, query.success)
      const joined = parts.map((part) => part.text).join("")
      assert.isTrue(text.includes(joined) || text.replace(BIDI, "").includes(joined))
      assert.isTrue(joined.isWellFormed())
      assert.strictEqual(readable(joined), joined)
      assert.isAtMost([...graphemes.segment(joined)].length, excerptLength)
      assert.strictEqual(cutBefore || cutAfter, joined.length < text.replace(BIDI, "").length)
      for (const [i, part] of parts.entries()) {
        assert.notStrictEqual(part.text, "")
        assert.notStrictEqual(part.hit, parts[i + 1]?.hit)
      }
    }
  )
})

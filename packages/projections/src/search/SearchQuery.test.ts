import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { matches } from "./Matching.ts"
import { searchQuery } from "./ReadQuery.ts"
import { BadSearch, findsAnything, longestQuery } from "./SearchQuery.ts"
import { tsqueryText } from "./TsText.ts"
import { wordsOf } from "./Words.ts"

const read = (typed: string) => tsqueryText(Result.getOrThrow(searchQuery(typed)))
const refused = (typed: string) =>
  Result.match(searchQuery(typed), { onFailure: ({ problem }) => problem, onSuccess: () => null })

describe("what somebody types into a search field", () => {
  it.each([
    ["hello", "('hello':*)"],
    ["on", "('on')"],
    ["Grüezi zäme", "('gruezi':*) & ('zame':*)"],
    ['"good morning" anna', "('good' <-> 'morning') & ('anna':*)"],
    ["“good morning", "('good':*) & ('morning':*)"],
    ["shift -night", "('shift':*) & !('night':*)"],
    ['shift -"late night"', "('shift':*) & !('late' <-> 'night')"],
    ["shift - night", "('shift':*) & ('night':*)"],
    ["march OR april shift", "('march':* | 'april':*) & ('shift':*)".replace("':* | '", "':*) | ('")],
    ["OR march OR", "('or') & ('march':*) & ('or')"],
    ["march or april", "('march':*) & ('or') & ('april':*)"],
    ["march OR -april", "('march':*) & ('or') & !('april':*)"],
    ["anna@example.com", "('anna' <-> 'example' <-> 'com':*)"],
    ["天", "('天':*)"],
    ["天气", "('天气')"],
    ["天气好", "('天气' <-> '气好')"],
    ['"天 abc"', "('天' <-> 'abc')"],
    ["今天abc", "('今天' <-> '天' <-> 'abc':*)"],
    ["foo & | bar", "('foo':*) & ('bar':*)"],
    ["\\ it's 'quoted':*", "('it' <-> 's') & ('quoted':*)"]
  ])("S1 %j", (typed, expected) => {
    const normal = (text: string) => text.replaceAll("((", "(").replaceAll("))", ")")
    assert.strictEqual(normal(read(typed)), expected)
  })

  it.each(["!", ":*", "\\", "%", "_", "& | !", '""', '"', "- !", "OR OR OR".replaceAll("OR", "|")])(
    "S1 %j means itself, which no word is",
    (typed) => assert.isFalse(findsAnything(Result.getOrThrow(searchQuery(typed))))
  )

  it("S2 S5 refuses what is no search, and says why", () => {
    assert.deepStrictEqual(["", " \t\u3000", "\u200b", "\u0000", "-night", '-"late night" -x'].map(refused), [
      "blank",
      "blank",
      "blank",
      "blank",
      "only_exclusions",
      "only_exclusions"
    ])
    assert.strictEqual(refused("x".repeat(10_000)), "too_long")
    assert.strictEqual(refused("👍".repeat(201)), "too_long")
    assert.isNull(refused("👍".repeat(200)))
    assert.strictEqual(refused("a ".repeat(33)), "too_many_words")
    assert.strictEqual(refused("a OR ".repeat(1000)), "too_long")
    assert.strictEqual(
      new BadSearch({ problem: "only_exclusions" }).message,
      "must contain a word to search for besides those that are excluded"
    )
  })

  it.prop(
    "any text is a search or is refused",
    [Schema.String.check(Schema.isMaxLength(longestQuery))],
    ([typed]) => {
      const query = searchQuery(typed)
      if (Result.isSuccess(query)) assert.isString(tsqueryText(query.success))
      else assert.instanceOf(query.failure, BadSearch)
    }
  )

  it.each([
    ["Zürich HB, Gleis 7", "zurich gleis", true],
    ["今天天气很好", "天气", true],
    ["今天天气很好", "天好", false],
    ["late shift", '"late shift"', true],
    ["late night shift", '"late shift"', false],
    ["late shift", "shift -late", false],
    ["late shift", "early OR late", true],
    ["late shift", "!", false]
  ])("%j is found by %j: %j", (text, typed, expected) =>
    assert.strictEqual(matches(wordsOf(text), Result.getOrThrow(searchQuery(typed))), expected)
  )
})

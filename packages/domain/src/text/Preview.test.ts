import { assert, describe, it } from "@effect/vitest"
import { preview } from "./Preview.ts"

const graphemes = (text: string) => [...new Intl.Segmenter("und").segment(text)].map((part) => part.segment)

describe("REQ-MSG-003: previews", () => {
  it.each(["a", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣", "é", "क्षि", "กำ", "👋🏽"])("T10 never splits %s", (character) => {
    const shown = preview(character.repeat(150))
    assert.strictEqual(shown, character.repeat(100))
    assert.lengthOf(graphemes(shown), 100)
  })

  it("leaves a short text whole, even one of long characters", () => {
    assert.strictEqual(preview("👩‍👩‍👧‍👦".repeat(100)), "👩‍👩‍👧‍👦".repeat(100))
    assert.strictEqual(preview("hello"), "hello")
  })

  it("cuts what readers get, not what was sent", () => {
    assert.strictEqual(preview(`<script>${"x".repeat(300)}</script>${"<b>".repeat(90)}hello`), "hello")
  })

  it("T8 closes an isolate that the cut leaves open", () => {
    assert.strictEqual(preview(`\u2066${"a".repeat(300)}\u2069`), `\u2066${"a".repeat(99)}\u2069`)
  })
})

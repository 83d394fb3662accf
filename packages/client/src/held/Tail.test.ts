import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { begun, entriesOf, Step, tagAt } from "../../../../test/client/Histories.ts"
import { type EntryPage, meets, trimmed, withPage } from "./Tail.ts"

const History = Schema.Array(Step).check(Schema.isMaxLength(40))
const Part = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 }))

/** The newest `limit` entries of the history up to `reflects`. */
const newestPage = (steps: ReadonlyArray<Step>, reflects: number, limit: number): EntryPage => {
  const all = entriesOf(steps).filter(({ pos }) => pos <= reflects)
  const entries = limit === 0 ? [] : all.slice(-limit)
  return { entries, hasEarlier: entries.length < all.length, hasLater: false, reflects }
}

/** What came live from behind `from` up to `pos`. */
const live = (steps: ReadonlyArray<Step>, from: number, pos: number) =>
  begun({
    pos,
    tag: pos === 0 ? null : tagAt(pos),
    tail: entriesOf(steps).filter((entry) => entry.pos > from && entry.pos <= pos),
    tailFrom: from,
    hasEarlier: from > 0
  })

describe("the newest entries that a device holds", () => {
  it.prop(
    "with the newest page before them have no hole and no double, wherever each began and ended",
    [History, Part, Part, Part, Part],
    ([steps, a, b, c, limit]) => {
      const [from = 0, pos = 0] = [a, b].map((n) => Math.min(n, steps.length)).sort((x, y) => x - y)
      const held = live(steps, from, pos)
      const page = newestPage(steps, Math.min(c, steps.length), limit + 1)
      if (!meets(held, page)) {
        assert.isBelow(page.reflects, from)
        return
      }
      const joined = withPage(held, page)
      const known = entriesOf(steps).filter((entry) => entry.pos <= pos)
      assert.deepStrictEqual(
        joined.tail.map((entry) => entry.pos),
        known.map((entry) => entry.pos).filter((at) => at > joined.tailFrom),
        "everything behind `tailFrom` is there, once"
      )
      const lacks = known.some((entry) => entry.pos <= joined.tailFrom)
      if (lacks) assert.isTrue(joined.hasEarlier, "what is not there is known to be missing")
      assert.isAtMost(joined.tailFrom, from)
    }
  )

  it("do not join a page that has newer ones behind it, or that is from before they began", () => {
    const held = live(["mine", "mine", "mine"], 2, 3)
    const page = newestPage(["mine", "mine", "mine"], 3, 10)
    assert.isTrue(meets(held, page))
    assert.isFalse(meets(held, { ...page, hasLater: true }))
    assert.isFalse(meets(held, { ...page, reflects: 1 }))
    assert.isTrue(meets(held, { ...page, reflects: 2 }))
  })

  it.prop("trimmed are the newest, and know that there were others", [History, Part], ([steps, most]) => {
    const held = live(steps, 0, steps.length)
    const { hasEarlier, tail, tailFrom } = trimmed(held, most)
    const kept = most === 0 ? [] : held.tail.slice(-most)
    assert.deepStrictEqual(tail, kept)
    assert.strictEqual(hasEarlier, kept.length < held.tail.length)
    assert.deepStrictEqual(
      held.tail.filter(({ pos }) => pos > tailFrom),
      kept
    )
  })
})

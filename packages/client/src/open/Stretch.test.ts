import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { begun, entriesOf, Step, timeAt } from "../../../../test/client/Histories.ts"
import type { EntryPage } from "../held/Tail.ts"
import * as Stretch from "./Stretch.ts"

const History = Schema.Array(Step).check(Schema.isMinLength(1), Schema.isMaxLength(60))
const Part = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 }))
const Size = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 7 }))

const service = (steps: ReadonlyArray<Step>, limit: number) => {
  const all = entriesOf(steps)
  const page = (from: number, to: number): EntryPage => ({
    entries: all.slice(Math.max(0, from), to),
    hasEarlier: from > 0,
    hasLater: to < all.length,
    reflects: steps.length
  })
  return {
    around: (pos: number) => {
      const at = all.findIndex((entry) => entry.pos >= pos)
      const middle = at === -1 ? all.length : at
      return page(middle - limit, middle + limit)
    },
    after: (pos: number) => {
      const at = all.findIndex((entry) => entry.pos > pos)
      return at === -1 ? page(all.length, all.length) : page(at, at + limit)
    },
    before: (pos: number) => {
      const to = all.filter((entry) => entry.pos < pos).length
      return page(to - limit, to)
    }
  }
}

const positions = (entries: ReturnType<typeof entriesOf>) => entries.map(({ pos }) => pos)

describe("the stretch of a conversation that is looked at", () => {
  it.prop(
    "F27 reaches the newest from anywhere, page by page, without a hole and without doubles",
    { steps: History, place: Part, from: Part, limit: Size },
    ({ from, limit, place, steps }) => {
      const ask = service(steps, limit)
      const tailFrom = Math.min(from, steps.length)
      const all = entriesOf(steps)
      const tail = all.filter(({ pos }) => pos > tailFrom)
      const held = begun({ pos: steps.length, tail, tailFrom, hasEarlier: tailFrom > 0 })
      let stretch = Stretch.around(ask.around(Math.min(place, steps.length)), held)
      for (let page = 0; stretch.at === "elsewhere"; page += 1) {
        assert.isBelow(page, 70, "it gets there")
        const shown = positions(Stretch.entriesOf(stretch, held))
        assert.deepStrictEqual(
          shown,
          positions(all)
            .slice(positions(all).indexOf(shown[0] ?? 0))
            .slice(0, shown.length)
        )
        stretch = Stretch.withLater(stretch, ask.after(stretch.entries.at(-1)?.pos ?? 0), held)
      }
      for (let page = 0; stretch.hasEarlier; page += 1) {
        assert.isBelow(page, 70, "it gets there")
        const first = Stretch.firstPos(stretch, held)
        stretch = Stretch.withEarlier(stretch, ask.before(first ?? steps.length + 1), held)
      }
      assert.deepStrictEqual(Stretch.entriesOf(stretch, held), all)
    }
  )

  it("waits for the service where a page ends before what is held begins", () => {
    const steps = ["mine", "mine", "mine", "mine"] as const
    const held = begun({ pos: 4, tailFrom: 3, tail: entriesOf(steps).slice(3), hasEarlier: true })
    const behind = { entries: entriesOf(steps).slice(0, 2), hasEarlier: false, hasLater: false, reflects: 2 }
    const stretch = Stretch.around(behind, held)
    assert.strictEqual(stretch.at, "elsewhere")
    const whole = { ...behind, entries: entriesOf(steps).slice(2), reflects: 4 }
    assert.deepStrictEqual(
      positions(Stretch.entriesOf(Stretch.withLater(stretch, whole, held), held)),
      [1, 2, 3, 4]
    )
  })

  it("no longer fits a tail that began anew elsewhere", () => {
    const held = begun({ pos: 4, tailFrom: 2, tail: entriesOf(["mine", "mine", "mine", "mine"]).slice(2) })
    const stretch = Stretch.newest(held)
    assert.isTrue(Stretch.fits(stretch, held))
    assert.isFalse(Stretch.fits(stretch, { ...held, tail: [], tailFrom: 4 }))
    assert.isTrue(Stretch.fits({ at: "elsewhere", entries: [], hasEarlier: true }, held))
  })

  it("shows a mark on what lies before the tail, at the end and elsewhere", () => {
    const entries = entriesOf(["mine"])
    const mark = { kind: "read", mine: false, upToSeq: 1, at: timeAt(9) } as const
    const held = begun({ pos: 1, tailFrom: 1, hasEarlier: true })
    const ends = Stretch.markStretch({ at: "newest", before: entries, hasEarlier: false, upTo: 1 }, mark)
    const elsewhere = Stretch.markStretch({ at: "elsewhere", entries, hasEarlier: false }, mark)
    for (const stretch of [ends, elsewhere])
      assert.deepInclude(Stretch.entriesOf(stretch, held)[0], { readAt: timeAt(9) })
  })
})

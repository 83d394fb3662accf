import { assert, describe, it } from "@effect/vitest"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { SlidingWindow } from "./SlidingWindow.ts"

const subject = (n: number) => SubjectId.make(`0190f1a0-0000-4000-8000-${String(n).padStart(12, "0")}`)
const [ada, eve] = [subject(1), subject(2_000)]

describe("a sliding window", () => {
  it("lets members leave one by one, each a window after it came", () => {
    const window = new SlidingWindow({ most: 2, window: 100 })
    window.take(ada, "one", 0)
    window.take(ada, "two", 60)
    assert.isUndefined(window.take(ada, "three", 99))
    assert.deepStrictEqual(window.standing(ada, 99), { remaining: 0, moreInMs: 1 })
    assert.isDefined(window.take(ada, "three", 100))
    assert.isUndefined(window.take(ada, "four", 159))
    assert.deepStrictEqual(window.standing(ada, 160), { remaining: 1, moreInMs: 40 })
    assert.deepStrictEqual(window.standing(ada, 200), { remaining: 2, moreInMs: null })
  })

  it("waits for as many to leave as are too many", () => {
    const window = new SlidingWindow({ most: 2, window: 100 })
    for (const [member, now] of [
      ["one", 0],
      ["two", 10],
      ["three", 20]
    ] as const) {
      window.keep(ada, member, now)
    }
    assert.deepStrictEqual(window.standing(ada, 20), { remaining: 0, moreInMs: 90 })
    assert.isUndefined(window.take(ada, "four", 109))
    assert.isDefined(window.take(ada, "four", 110))
  })

  it("remembers nobody who did nothing for a window, nor who got everything back", () => {
    const window = new SlidingWindow({ most: 2, window: 100 })
    for (let n = 1; n <= 1_000; n++) window.take(subject(n), "one", 0)
    assert.strictEqual(window.people, 1_000)
    window.keep(ada, "one", 50)
    const last = window.take(eve, "one", 99)
    assert(last?.place !== undefined && last.place !== null)
    window.take(subject(1_001), "one", 100)
    assert.strictEqual(window.people, 3)
    window.giveBack(eve, "one", last.place)
    assert.strictEqual(window.people, 2)
    assert.isDefined(window.take(subject(1_002), "one", 300))
    assert.strictEqual(window.people, 1)
  })
})

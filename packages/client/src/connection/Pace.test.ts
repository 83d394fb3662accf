import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Pace } from "./Pace.ts"

const Gaps = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 200 }))).check(
  Schema.isMaxLength(200)
)

/** When each of those that ask at these times may go. */
const going = (gap: number, most: number, asked: ReadonlyArray<number>) => {
  const pace = new Pace(gap, most)
  return asked.map((now) => now + pace.take(now))
}

describe("the pace of frames", () => {
  it("lets a burst go at once, then one each gap, and another burst after a rest", () => {
    const [burst, later] = [Array<number>(6).fill(0), Array<number>(6).fill(10_000)]
    assert.deepStrictEqual(
      going(25, 4, [...burst, ...later]),
      [0, 0, 0, 0, 25, 50, 10_000, 10_000, 10_000, 10_000, 10_025, 10_050]
    )
  })

  it.prop("is never above the burst and the rate, in any window, and keeps the order", [Gaps], ([gaps]) => {
    let now = 0
    const asked = gaps.map((gap) => {
      now += gap
      return now
    })
    const went = going(25, 40, asked)
    assert.deepStrictEqual(
      went,
      went.toSorted((a, b) => a - b)
    )
    for (const [first, from] of went.entries()) {
      for (const [more, to] of went.slice(first).entries()) {
        assert.isAtMost(more + 1, 40 + Math.floor((to - from) / 25))
      }
    }
    const free = asked.filter((time, index) => index < 40 && went[index] === time)
    assert.lengthOf(free, Math.min(40, asked.length), "the first burst waits for nothing")
  })
})

import { assert, describe, it } from "@effect/vitest"
import { SliceOrder } from "./SliceOrder.ts"

const event = (slice: number, slicePos: number) => ({ slice, slicePos })
const from = (...heads: ReadonlyArray<number>) =>
  new SliceOrder<{ slice: number; slicePos: number }>(heads.map((after, slice) => ({ slice, after })))
const places = (events: ReadonlyArray<{ slice: number; slicePos: number }>) =>
  events.map(({ slice, slicePos }) => `${slice}/${slicePos}`)

describe("SliceOrder", () => {
  it("hands out what follows at once, and nothing from before the start", () => {
    const order = from(3, 0)
    for (const e of [event(0, 3), event(0, 4), event(1, 1)]) order.offer(e)
    assert.deepStrictEqual(places(order.take()), ["0/4", "1/1"])
    assert.deepStrictEqual(places(order.take()), [])
    assert.isFalse(order.hasGap)
  })

  it("holds a later one until those below it came, from either side", () => {
    const order = from(0)
    order.offer(event(0, 3))
    order.offer(event(0, 2))
    assert.deepStrictEqual(places(order.take()), [])
    assert.isTrue(order.hasGap)
    order.offer(event(0, 1))
    assert.deepStrictEqual(places(order.take()), ["0/1", "0/2", "0/3"])
    assert.isFalse(order.hasGap)
  })

  it("I4 hands out each position once, however often it comes", () => {
    const order = from(0)
    for (const e of [event(0, 1), event(0, 1), event(0, 2)]) order.offer(e)
    assert.deepStrictEqual(places(order.take()), ["0/1", "0/2"])
    order.offer(event(0, 1))
    order.offer(event(0, 2))
    assert.deepStrictEqual(places(order.take()), [])
    assert.isFalse(order.hasGap)
  })

  it("tells the tail where to go on, past what hints brought", () => {
    const order = from(5, 7)
    order.offer(event(1, 8))
    order.offer(event(0, 9))
    order.take()
    assert.deepStrictEqual(order.cursors(null), [
      { slice: 0, after: 5 },
      { slice: 1, after: 8 }
    ])
  })

  it("I3 gives any shuffle with repeats back in order, nothing lost", () => {
    const order = from(0, 0, 0)
    const arrivals = [0, 1, 2].flatMap((slice) =>
      Array.from({ length: 50 }, (_, i) => event(slice, i + 1)).flatMap((e) => [e, e])
    )
    const taken: Array<{ slice: number; slicePos: number }> = []
    // A fixed permutation: 7 shares no divisor with 300.
    for (let i = 0; i < arrivals.length; i++) {
      const arrival = arrivals[(i * 7 + 3) % arrivals.length]
      if (arrival !== undefined) order.offer(arrival)
      if (i % 11 === 0) taken.push(...order.take())
    }
    taken.push(...order.take())
    for (const slice of [0, 1, 2]) {
      const positions = taken.filter((e) => e.slice === slice).map(({ slicePos }) => slicePos)
      assert.deepStrictEqual(
        positions,
        Array.from({ length: 50 }, (_, i) => i + 1)
      )
    }
  })

  it("keeps no more than its room, and still takes the one that follows", () => {
    const order = new SliceOrder([{ slice: 0, after: 0 }], 2)
    for (const pos of [3, 4, 5]) order.offer(event(0, pos))
    order.offer(event(0, 1))
    assert.deepStrictEqual(places(order.take()), ["0/1"])
    order.offer(event(0, 2))
    assert.deepStrictEqual(places(order.take()), ["0/2", "0/3", "0/4"])
    assert.isFalse(order.hasGap)
  })
})

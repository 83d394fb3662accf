import { assert, describe, it } from "@effect/vitest"
import { FrameBudget } from "./FrameBudget.ts"

const spent = (budget: FrameBudget, times: number, now: number) =>
  Array.from({ length: times }, () => budget.spend(now)).filter(Boolean).length

describe("FrameBudget", () => {
  it("allows a burst, then the rate", () => {
    const budget = new FrameBudget(50, 100, 0)
    assert.strictEqual(spent(budget, 200, 0), 100)
    assert.strictEqual(spent(budget, 200, 1_000), 50)
    assert.strictEqual(spent(budget, 200, 1_500), 25)
  })

  it("does not save up more than a burst", () => {
    const budget = new FrameBudget(50, 100, 0)
    spent(budget, 100, 0)
    assert.strictEqual(spent(budget, 1_000, 3_600_000), 100)
  })

  it("tells how long to wait for the next one", () => {
    const budget = new FrameBudget(50, 2, 0)
    assert.strictEqual(budget.early(0), 0)
    spent(budget, 2, 0)
    assert.strictEqual(budget.early(0), 20)
    assert.strictEqual(budget.early(15), 5)
    assert.strictEqual(budget.early(20), 0)
    assert.strictEqual(spent(budget, 2, 20), 1)
  })

  it("lets whoever keeps to the rate go on for ever", () => {
    const budget = new FrameBudget(50, 1, 0)
    for (let now = 0; now < 10_000; now += 20) assert.isTrue(budget.spend(now))
  })
})

import { assert, describe, it } from "@effect/vitest"
import { dayMillis, latest } from "./TimeOfDay.ts"

const at = { hour: 3, minute: 30 }
const latestBefore = (now: string) => new Date(latest(at, Date.parse(now))).toISOString()

describe("the latest moment of a time of day", () => {
  it("is today's from that minute on, and yesterday's before", () => {
    assert.strictEqual(latestBefore("2026-11-25T03:30:00.000Z"), "2026-11-25T03:30:00.000Z")
    assert.strictEqual(latestBefore("2026-11-25T23:59:59.999Z"), "2026-11-25T03:30:00.000Z")
    assert.strictEqual(latestBefore("2026-11-25T03:29:59.999Z"), "2026-11-24T03:30:00.000Z")
    assert.strictEqual(latestBefore("2027-01-01T00:00:00.000Z"), "2026-12-31T03:30:00.000Z")
    assert.strictEqual(latestBefore("2028-03-01T03:00:00.000Z"), "2028-02-29T03:30:00.000Z")
  })

  it("comes once in a day, at midnight too", () => {
    for (const time of [at, { hour: 0, minute: 0 }, { hour: 23, minute: 59 }]) {
      const due = latest(time, Date.parse("2026-03-29T12:00:00.000Z"))
      assert.strictEqual(latest(time, due), due)
      assert.strictEqual(latest(time, due + dayMillis - 1), due)
      assert.strictEqual(latest(time, due - 1), due - dayMillis)
    }
  })
})

import { assert, describe, it } from "vitest"
import { codePoints, codePointsLeft } from "./CodePoints.ts"

describe("REQ-MSG-003: how much may still be written", () => {
  it("counts code points, neither units nor characters", () => {
    assert.strictEqual(codePoints("👨‍👩‍👧‍👦"), 7)
    assert.strictEqual(codePoints("e\u0301"), 2)
    assert.strictEqual(codePoints(""), 0)
  })

  it("is told near the limit alone", () => {
    assert.isNull(codePointsLeft("a".repeat(4499)))
    assert.strictEqual(codePointsLeft("a".repeat(4500)), 500)
    assert.strictEqual(codePointsLeft("a".repeat(5001)), -1)
  })

  it("is no less for what takes two units each", () => {
    assert.isNull(codePointsLeft("😀".repeat(4499)))
    assert.strictEqual(codePointsLeft("😀".repeat(5000)), 0)
  })
})

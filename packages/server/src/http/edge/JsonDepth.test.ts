import { assert, describe, it } from "@effect/vitest"
import { nestsDeeperThan } from "./JsonDepth.ts"

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`

describe("nestsDeeperThan", () => {
  it("counts levels of arrays and objects", () => {
    assert.isFalse(nestsDeeperThan(nested(32), 32))
    assert.isTrue(nestsDeeperThan(nested(33), 32))
    assert.isTrue(nestsDeeperThan('{"a":[{"b":[1]}]}', 3))
    assert.isFalse(nestsDeeperThan('{"a":[{"b":[1]}]}', 4))
    assert.isFalse(nestsDeeperThan(`[${"[],".repeat(1_000)}[]]`, 2))
  })

  it("is not taken in by brackets, quotes and backslashes in strings", () => {
    assert.isFalse(nestsDeeperThan(JSON.stringify({ a: "[".repeat(100) }), 1))
    assert.isFalse(nestsDeeperThan(JSON.stringify({ a: `\\"${"{".repeat(100)}` }), 1))
    assert.isTrue(nestsDeeperThan(`{"a":"\\\\","b":${nested(5)}}`, 5))
  })
})

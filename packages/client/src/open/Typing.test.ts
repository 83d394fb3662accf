import { afterEach, assert, beforeEach, describe, it, vi } from "vitest"
import { Typing } from "./Typing.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const make = () => {
  const told: Array<readonly [active: boolean, at: number]> = []
  const begun = Date.now()
  const typing = new Typing(
    (active) => told.push([active, Date.now() - begun]),
    () => Date.now()
  )
  return { typing, told }
}

describe("keys that are pressed", () => {
  it("tell at the beginning, every two seconds, and once after a silence", () => {
    const { told, typing } = make()
    for (let key = 0; key < 50; key += 1) {
      typing.press()
      vi.advanceTimersByTime(100)
    }
    vi.advanceTimersByTime(60_000)
    assert.deepStrictEqual(told, [
      [true, 0],
      [true, 2_000],
      [true, 4_000],
      [false, 7_400]
    ])
  })

  it("tell nothing more once the message is sent, and begin anew after it", () => {
    const { told, typing } = make()
    typing.press()
    typing.sent()
    vi.advanceTimersByTime(60_000)
    assert.deepStrictEqual(told, [[true, 0]])
    typing.press()
    assert.deepStrictEqual(told.at(-1), [true, 60_000])
  })

  it("tell that one stopped, if it was told that one began", () => {
    const { told, typing } = make()
    typing.stop()
    assert.deepStrictEqual(told, [])
    typing.press()
    typing.stop()
    typing.stop()
    vi.advanceTimersByTime(60_000)
    assert.deepStrictEqual(told, [
      [true, 0],
      [false, 0]
    ])
  })
})

import { afterEach, assert, beforeEach, describe, it, vi } from "vitest"
import { ReadMarks } from "./ReadMarks.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const make = () => {
  const read: Array<number> = []
  const person = { attends: true }
  const marks = new ReadMarks(
    () => person.attends,
    (upTo) => read.push(upTo)
  )
  return { marks, read, person }
}

describe("what is seen", () => {
  it("is told once for all that came into view, the furthest of it, and never back", () => {
    const { marks, read } = make()
    for (const pos of [3, 9, 7]) marks.seen(pos)
    vi.advanceTimersByTime(1_000)
    assert.deepStrictEqual(read, [9])
    for (const pos of [9, 2]) marks.seen(pos)
    vi.advanceTimersByTime(1_000)
    assert.deepStrictEqual(read, [9])
    marks.seen(10)
    vi.advanceTimersByTime(1_000)
    assert.deepStrictEqual(read, [9, 10])
  })

  it("does not count as read until somebody looks", () => {
    const { marks, person, read } = make()
    person.attends = false
    marks.seen(3)
    vi.advanceTimersByTime(60_000)
    marks.attend()
    vi.advanceTimersByTime(60_000)
    assert.deepStrictEqual(read, [])
    person.attends = true
    marks.attend()
    vi.advanceTimersByTime(1_000)
    assert.deepStrictEqual(read, [3])
  })

  it("does not count when they look away before it is told, and does when they are back", () => {
    const { marks, person, read } = make()
    marks.seen(3)
    person.attends = false
    vi.advanceTimersByTime(1_000)
    assert.deepStrictEqual(read, [])
    person.attends = true
    marks.attend()
    vi.advanceTimersByTime(1_000)
    assert.deepStrictEqual(read, [3])
  })

  it("is told at once when the conversation is closed, if somebody looks, and not after", () => {
    const { marks, read } = make()
    marks.seen(3)
    marks.close()
    assert.deepStrictEqual(read, [3])
    vi.advanceTimersByTime(1_000)
    assert.deepStrictEqual(read, [3])
  })
})

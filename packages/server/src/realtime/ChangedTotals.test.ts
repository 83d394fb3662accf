import { assert, describe, it } from "@effect/vitest"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { ChangedTotals } from "./ChangedTotals.ts"

const ada = SubjectId.make("0190f1a0-0000-4000-8000-00000000000a")
const bob = SubjectId.make("0190f1a0-0000-4000-8000-00000000000b")

describe("totals that changed", () => {
  it("I6 are summed as of every event that changed them, in whatever slice and order these came", () => {
    const changed = new ChangedTotals()
    changed.mark(ada, { slice: 7, slicePos: 3 })
    changed.mark(ada, { slice: 9, slicePos: 1 })
    changed.mark(ada, { slice: 7, slicePos: 2 })
    changed.mark(bob)
    const { subjects, token } = changed.take(10)
    assert.deepStrictEqual(subjects, [ada, bob])
    assert.deepStrictEqual(token, { 7: 3, 9: 1 })
    assert.strictEqual(changed.size, 0)
  })

  it("I6 wait again when they could not be told, together with what came meanwhile", () => {
    const changed = new ChangedTotals()
    changed.mark(ada, { slice: 7, slicePos: 3 })
    changed.mark(bob)
    const round = changed.take(10)
    changed.mark(ada, { slice: 9, slicePos: 1 })
    round.keep()
    assert.deepInclude(changed.take(10), { subjects: [ada, bob], token: { 7: 3, 9: 1 } })
  })

  it("are taken some at a time, the oldest first", () => {
    const changed = new ChangedTotals()
    changed.mark(bob, { slice: 1, slicePos: 1 })
    changed.mark(ada, { slice: 2, slicePos: 2 })
    assert.deepInclude(changed.take(1), { subjects: [bob], token: { 1: 1 } })
    assert.deepInclude(changed.take(1), { subjects: [ada], token: { 2: 2 } })
  })
})

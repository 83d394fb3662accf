import { assert, describe, it } from "@effect/vitest"
import { stateDifferences } from "./StateDifferences.ts"

const tally = { status: "ACTIVE", unread: { business: 0, worker: 2 } }

describe("the differences of two states", () => {
  it("are none in whatever order the fields come", () => {
    assert.deepStrictEqual(
      stateDifferences(
        { pos: 3, tally, at: null, list: [1, { a: true }] },
        { list: [1, { a: true }], at: null, tally: { unread: tally.unread, status: "ACTIVE" }, pos: 3 }
      ),
      []
    )
    for (const state of [null, 0, "", false]) assert.deepStrictEqual(stateDifferences(state, state), [])
  })

  it("are named by where they are, with both values", () => {
    assert.deepStrictEqual(
      stateDifferences(
        { tally, at: null, list: [1, 2], gone: 1 },
        {
          tally: { status: "ARCHIVED", unread: { business: 0, worker: 3 } },
          at: "2026",
          list: [1, 3],
          came: { x: [] }
        }
      ),
      [
        { field: "tally.status", kept: '"ACTIVE"', folded: '"ARCHIVED"' },
        { field: "tally.unread.worker", kept: "2", folded: "3" },
        { field: "at", kept: "null", folded: '"2026"' },
        { field: "list.1", kept: "2", folded: "3" },
        { field: "gone", kept: "1", folded: "absent" },
        { field: "came", kept: "absent", folded: '{"x":[]}' }
      ]
    )
  })

  it("are of the whole state where one of them is no more than a value", () => {
    assert.deepStrictEqual(stateDifferences(null, { pos: 1 }), [
      { field: "state", kept: "null", folded: '{"pos":1}' }
    ])
  })
})

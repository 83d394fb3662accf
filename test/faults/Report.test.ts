import { assert, describe, it } from "@effect/vitest"
import { type FaultResult, isGood, json, type Results, text } from "./Report.ts"

const failed: FaultResult = { _tag: "Failed", id: "F7", title: "a part is killed", error: "it hung" }
const skipped: FaultResult = { _tag: "Skipped", id: "F17", title: "a part is away", why: "it is not here" }
const caught = { name: "a bug", caught: true, by: "I1; expected I1" }

const resultsOf = (parts: Partial<Results>): Results => ({
  seed: 7,
  slack: 1,
  quick: false,
  seconds: 1,
  faults: [],
  planted: [],
  left: 0,
  ...parts
})
const lastLineOf = (results: Results) => text(results).split("\n").at(-1)

describe("the report of faults", () => {
  it("is good only when something passed, nothing failed and nothing was left", () => {
    assert.isTrue(isGood(resultsOf({ planted: [caught], faults: [skipped] })))
    assert.isFalse(isGood(resultsOf({})))
    assert.isFalse(isGood(resultsOf({ faults: [skipped] })))
    assert.isFalse(isGood(resultsOf({ planted: [caught], faults: [failed] })))
    assert.isFalse(isGood(resultsOf({ planted: [caught], left: 1 })))
    assert.isFalse(isGood(resultsOf({ planted: [caught, { ...caught, caught: false }] })))
  })

  it("says how to play the bad ones again, as quick as they were", () => {
    const bad = resultsOf({ faults: [skipped, failed], planted: [{ ...caught, caught: false }] })
    assert.include(text(bad), "again: npm run faults -- --only F7 --seed 7\n")
    assert.include(text(bad), "again: npm run faults -- --planted --seed 7\n")
    assert.include(
      text({ ...bad, quick: true, slack: 2 }),
      "again: npm run faults -- --quick --only F7 --seed 7 --slack 2\n"
    )
    assert.notInclude(text(resultsOf({ planted: [caught] })), "again")
  })

  it("ends with its counts, also when it was stopped", () => {
    assert.strictEqual(
      lastLineOf(resultsOf({ faults: [failed, skipped], planted: [caught], left: 2 })),
      "1 passed, 1 failed, 1 skipped"
    )
    assert.include(text(resultsOf({ left: 2 })), "stopped before its end: 2 were not played\n")
  })

  it("gives programs verdicts and counts", () => {
    const read: unknown = JSON.parse(json(resultsOf({ faults: [failed, skipped], planted: [caught] })))
    assert.containSubset(read, {
      passed: 1,
      failed: 1,
      skipped: 1,
      faults: [{ verdict: "failed" }, { verdict: "skipped" }]
    })
  })
})

import { assert, describe, it } from "@effect/vitest"
import type { Build } from "@indelible/projections/engine/build/Build"
import { percent, progressLine, progressText } from "./Progress.ts"
import { aBuild } from "./testing/ABuild.ts"

const folding: Build = aBuild({
  state: "running",
  stage: "folding",
  begunAt: new Date(0),
  events: 430_112,
  expected: 1_000_000,
  rate: 21_300,
  eta: 26.7,
  ranges: [
    { from: 0, to: 63, events: 10, expected: 10 },
    { from: 64, to: 127, events: 5, expected: 10 },
    { from: 128, to: 191, events: 0, expected: 10 },
    { from: 192, to: 255, events: 0, expected: 0 }
  ]
})

describe("a build as a line", () => {
  it("has a bar for each range, how far, how fast and how long still", () =>
    assert.strictEqual(
      progressLine(folding, 120),
      "rebuild inbox  folding  ▕█▄ █▏  43%  430,112 of 1,000,000 events  21,300/s  about 27 s left"
    ))

  it("leaves out the least telling first, and never is wider than the terminal", () => {
    const shown = [90, 70, 60, 50, 40, 30, 20, 10, 3, 1, 0].map((width) => progressLine(folding, width))
    assert.deepStrictEqual(shown, [
      "rebuild inbox  folding  ▕█▄ █▏  43%  21,300/s  about 27 s left",
      "rebuild inbox  folding  ▕█▄ █▏  43%  21,300/s  about 27 s left",
      "rebuild inbox  folding  ▕█▄ █▏  43%  about 27 s left",
      "rebuild inbox  folding  ▕█▄ █▏  43%",
      "rebuild inbox  folding  ▕█▄ █▏  43%",
      "rebuild inbox  folding  43%",
      "rebuild inbox  43%",
      "43%",
      "43%",
      "4",
      ""
    ])
  })

  it("has one bar for the whole while nothing is known of ranges", () => {
    assert.strictEqual(progressLine(aBuild({}), 80), "rebuild inbox  waiting  ▕░░░░░░░░░░░░░░░░▏  0%")
    const half = aBuild({ state: "running", stage: "folding", events: 1, expected: 2 })
    assert.include(progressLine(half, 120), "▕████████░░░░░░░░▏  50%")
  })

  it("says 100 % only when all is folded", () => {
    assert.strictEqual(percent(aBuild({ events: 999_999, expected: 1_000_000 })), "99%")
    assert.strictEqual(percent(aBuild({ events: 3, expected: 3 })), "100%")
    assert.strictEqual(percent(aBuild({ events: 5, expected: 3 })), "100%")
    assert.strictEqual(percent(aBuild({ begunAt: new Date(0), stage: "folding" })), "100%", "an empty log")
  })

  it("tells a log the same in words, and of what stands still no rate", () => {
    assert.strictEqual(
      progressText(folding),
      "rebuild inbox: folding 43%, 430,112 of 1,000,000 events, 21,300/s, about 27 s left"
    )
    assert.strictEqual(
      progressText({ ...folding, state: "paused", eta: null }),
      "rebuild inbox: paused 43%, 430,112 of 1,000,000 events"
    )
    assert.strictEqual(progressText(aBuild({ kind: "verify" })), "verify inbox: waiting")
  })
})

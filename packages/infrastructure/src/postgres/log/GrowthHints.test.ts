import { fullLookMillis, slowPollMillis } from "@indelible/application/store/LogWakeUp"
import { assert, describe, it } from "vitest"
import { GrowthHints } from "./GrowthHints.ts"
import { grownSlices } from "./LogNotifier.ts"

const begun = 1_000_000

describe("what a reader of the log was told", () => {
  it("is everything at first, then the slices that were named, each once", () => {
    const hints = new GrowthHints(() => begun)
    assert.isNull(hints.take())
    assert.deepStrictEqual(hints.take(), [])
    hints.add([7, 3])
    hints.add([7])
    assert.deepStrictEqual(hints.take(), [7, 3])
    assert.deepStrictEqual(hints.take(), [])
  })

  it("is everything after a hint that named nothing, whatever came with it", () => {
    const hints = new GrowthHints(() => begun)
    hints.take()
    hints.add([7])
    hints.add(null)
    assert.isNull(hints.take())
    assert.deepStrictEqual(hints.take(), [])
  })

  it("is everything again after a while: sooner when nothing is heard, and also when hints go on and on", () => {
    let now = begun
    const hints = new GrowthHints(() => now)
    hints.take()
    now += slowPollMillis - 1
    assert.deepStrictEqual(hints.take(), [])
    now += 1
    assert.isNull(hints.take())
    const looked = now
    for (; now < looked + fullLookMillis; now += 10) {
      hints.add([1])
      assert.deepStrictEqual(hints.take(), [1])
    }
    hints.add([1])
    assert.isNull(hints.take())
  })
})

describe("a hint", () => {
  it("names slices, or may be about any of them", () => {
    assert.deepStrictEqual(grownSlices("0 17 255"), [0, 17, 255])
    for (const payload of ["", "256", "-1", "1.5", "seven", "1  2"]) {
      assert.isNull(grownSlices(payload), JSON.stringify(payload))
    }
  })
})

import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { PlayedClock } from "./PlayedClock.ts"

const now = 1_800_000_000_000
const hour = 3_600_000

const playing = Effect.gen(function* () {
  yield* TestClock.setTime(now)
  return new PlayedClock(yield* Clock.Clock)
})
const hoursPassed = (clock: PlayedClock) =>
  Number(clock.passed.monotonicTimeNanosUnsafe() / 1_000_000n) / hour

describe("a clock that is played", () => {
  it.effect("runs on from the time it was set to, and is the real one again when told", () =>
    Effect.gen(function* () {
      const clock = yield* playing
      clock.set(now - 100 * hour)
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(yield* clock.told.currentTimeMillis, now - 100 * hour + 5_000)
      assert.strictEqual(yield* clock.told.currentTimeNanos, BigInt(now - 100 * hour + 5_000) * 1_000_000n)
      clock.set(null)
      assert.strictEqual(clock.told.currentTimeMillisUnsafe(), now + 5_000)
    })
  )

  it.effect("is the real one again 30 s after it was set last: who set it may be dead", () =>
    Effect.gen(function* () {
      const clock = yield* playing
      clock.set(now - hour)
      yield* TestClock.adjust("29 seconds")
      clock.set(now - hour)
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual(clock.told.currentTimeMillisUnsafe(), now - hour + 29_000)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(clock.told.currentTimeMillisUnsafe(), now + 59_000)
    })
  )

  it.effect("lets as much time pass as is played, and never takes it back", () =>
    Effect.gen(function* () {
      const clock = yield* playing
      const begun = hoursPassed(clock)
      clock.set(now - 100 * hour)
      assert.strictEqual(hoursPassed(clock) - begun, 0)
      clock.set(now - 90 * hour)
      assert.strictEqual(hoursPassed(clock) - begun, 10)
      clock.set(now - 95 * hour)
      assert.strictEqual(hoursPassed(clock) - begun, 10)
      clock.set(null)
      assert.strictEqual(hoursPassed(clock) - begun, 105)
      // What is measured for its own sake is not played with.
      assert.strictEqual(
        clock.told.monotonicTimeNanosUnsafe(),
        (yield* Clock.Clock).monotonicTimeNanosUnsafe()
      )
    })
  )
})

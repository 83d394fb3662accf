import { assert, describe, it } from "@effect/vitest"
import { Effect, Random, Schema } from "effect"
import { delayBefore, reconnecting, resending } from "./Backoff.ts"

const Attempt = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5_000 }))
const Part = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

const drawing = (part: number) => ({ nextDoubleUnsafe: () => part, nextIntUnsafe: () => 0 })
const delay = (attempt: number, backoff: typeof resending, part: number) =>
  Effect.runSync(Effect.provideService(delayBefore(attempt, backoff), Random.Random, drawing(part)))

describe("the wait before an attempt", () => {
  it("has a bound that doubles up to the last", () => {
    const bounds = (backoff: typeof resending) => [1, 2, 3, 4, 5, 6, 7, 8].map((n) => delay(n, backoff, 1))
    assert.deepStrictEqual(bounds(reconnecting), [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    assert.deepStrictEqual(bounds(resending), [1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000])
  })

  it.prop("W9 is drawn from all of what lies below it", [Attempt, Part], ([attempt, part]) => {
    for (const backoff of [reconnecting, resending]) {
      assert.strictEqual(delay(attempt, backoff, 0), 0)
      const drawn = delay(attempt, backoff, part)
      assert.approximately(drawn, part * delay(attempt, backoff, 1), 0.5)
      assert.isAtMost(drawn, backoff.most)
    }
  })
})

import { assert, describe, it } from "@effect/vitest"
import type { ProjectionStatus } from "@indelible/projections/operations/ProjectionStatus"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { collectProjections } from "./CollectProjections.ts"

const up = "indelible_projection_collect_up 1"
const down = "indelible_projection_collect_up 0"

/** A database that counts how often it is asked, and answers after a while. */
const asked = (answer: Effect.Effect<ReadonlyArray<ProjectionStatus>, Error>) => {
  let times = 0
  const list = Effect.andThen(
    Effect.sync(() => {
      times += 1
    }),
    answer
  )
  return { times: () => times, collected: collectProjections(list) }
}

describe("collecting the figures of projections", () => {
  it.effect("asks the database once, however many want them, and again after a second", () =>
    Effect.gen(function* () {
      const { collected, times } = asked(Effect.as(Effect.sleep("100 millis"), []))
      const collect = yield* collected
      const many = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 50 }, () => collect),
          { concurrency: "unbounded" }
        )
      )
      yield* TestClock.adjust("100 millis")
      for (const text of yield* Fiber.join(many)) assert.include(text, up)
      yield* TestClock.adjust("900 millis")
      yield* collect
      assert.strictEqual(times(), 1)
      yield* TestClock.adjust("101 millis")
      const later = yield* Effect.forkChild(collect)
      yield* TestClock.adjust("100 millis")
      yield* Fiber.join(later)
      assert.strictEqual(times(), 2)
    })
  )

  it.effect("leaves them out after 2 s, and when the database or a bug says no", () =>
    Effect.gen(function* () {
      const slow = yield* Effect.forkChild(Effect.flatten(asked(Effect.never).collected))
      yield* TestClock.adjust("2 seconds")
      assert.include(yield* Fiber.join(slow), down)
      for (const answer of [Effect.fail(new Error("away")), Effect.die(new Error("a bug"))]) {
        const text = yield* Effect.flatten(asked(answer).collected)
        assert.include(text, down)
        assert.notInclude(text, "lag")
      }
    })
  )

  it.effect("F7 does not repeat what it knew", () =>
    Effect.gen(function* () {
      let away = false
      const { collected } = asked(
        Effect.suspend(() => (away ? Effect.fail(new Error("away")) : Effect.succeed([])))
      )
      const collect = yield* collected
      assert.include(yield* collect, up)
      away = true
      yield* TestClock.adjust("1 second")
      assert.include(yield* collect, down)
      away = false
      yield* TestClock.adjust("1 second")
      assert.include(yield* collect, up)
    })
  )

  it.effect("goes on for those who wait when the first one leaves", () =>
    Effect.gen(function* () {
      const { collected, times } = asked(Effect.as(Effect.sleep("100 millis"), []))
      const collect = yield* collected
      const first = yield* Effect.forkChild(collect, { startImmediately: true })
      const second = yield* Effect.forkChild(collect, { startImmediately: true })
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("100 millis")
      assert.include(yield* Fiber.join(second), up)
      assert.strictEqual(times(), 1)
    })
  )
})

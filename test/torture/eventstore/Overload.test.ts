import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { freshStream } from "../../contract/Notebook.ts"
import * as FaultProxy from "../../faults/FaultProxy.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { make } from "./LogWorld.ts"
import { figures, timed } from "./Traffic.ts"

const capacity = 2_000

const counted = (answers: ReadonlyArray<{ readonly outcome: string }>) =>
  Object.fromEntries(
    Array.from(
      Map.groupBy(answers, ({ outcome }) => outcome),
      ([outcome, all]) => [outcome, all.length]
    )
  )

describe.each(TestDatabase.oneServer())("too much at once, on %s", (server) => {
  it.live(
    "what does not fit is told at once, the rest is saved, and the next flood finds the same room",
    () =>
      Effect.gen(function* () {
        const world = yield* make(server)
        const store = yield* world.node("a", { capacity })
        const streams = Array.from({ length: 500 }, freshStream)
        const flood = Effect.forEach(
          Array.from({ length: 6_000 }, (_, i) => streams[i % streams.length] ?? freshStream()),
          (stream) => timed(store, stream),
          { concurrency: "unbounded" }
        )
        globalThis.gc?.()
        const before = process.memoryUsage().heapUsed
        let most = before
        for (let round = 0; round < 3; round++) {
          const start = performance.now()
          const answers = yield* flood
          const millis = performance.now() - start
          most = Math.max(most, process.memoryUsage().heapUsed)
          const told = answers.filter(({ outcome }) => outcome === "Overloaded")
          const saved = answers.filter(({ outcome }) => outcome === "ok")
          console.log(
            `flood ${round} of 6000, ${server}: ${JSON.stringify(counted(answers))} in ${millis.toFixed(0)} ms;` +
              ` overloaded ${figures(told)}; saved ${figures(saved)}; heap +${((most - before) / 2 ** 20).toFixed(0)} MB`
          )
          assert.isAtLeast(told.length, 3_000)
          // All that fits, on a machine that saves it within the 2 s that it may wait.
          assert.isAtLeast(saved.length, 500)
          // Some may wait for their 2 s on a slow machine; nothing else may happen to them.
          assert.strictEqual(
            told.length + saved.length + answers.filter(({ outcome }) => outcome === "Busy").length,
            6_000
          )
          // Told before the first hundreds of the others were saved: it does not wait for anything.
          assert.isBelow(Math.max(...told.map(({ millis }) => millis)), 1_000)
        }
        assert.isBelow(most - before, 200 * 2 ** 20)
        assert.strictEqual((yield* timed(store, freshStream())).outcome, "ok")
      })
  )
})

describe("a database that nothing comes back from", () => {
  it.live("everyone is answered in time, the intake stays bounded, and all is well when it is back", () =>
    Effect.gen(function* () {
      const world = yield* make("embedded")
      const proxy = yield* FaultProxy.make(world.url)
      const store = yield* world.node("a", { over: proxy.url, capacity: 500 })
      const streams = Array.from({ length: 50 }, freshStream)
      for (const stream of streams) yield* timed(store, stream)
      let going = true
      let at = 0
      const answers: Array<{ readonly outcome: string; readonly millis: number; readonly began: number }> = []
      const caller = Effect.gen(function* () {
        while (going) {
          const began = performance.now()
          const stream = streams[at++ % streams.length] ?? freshStream()
          answers.push({ ...(yield* timed(store, stream)), began })
        }
      })
      const callers = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 40 }, () => caller),
          { concurrency: "unbounded" }
        )
      )
      yield* Effect.sleep("200 millis")
      yield* proxy.blackhole
      const dark = performance.now()
      yield* Effect.sleep("9 seconds")
      yield* proxy.heal
      const healed = performance.now()
      yield* Effect.sleep("3 seconds")
      going = false
      yield* Fiber.join(callers)
      const during = answers.filter(({ began, millis }) => began + millis > dark && began < healed)
      const after = answers.filter(({ began }) => began > healed + 500)
      const firstOk = answers.find(
        ({ began, millis, outcome }) => outcome === "ok" && began + millis > healed
      )
      const healedIn = (firstOk === undefined ? Number.NaN : firstOk.began + firstOk.millis) - healed
      for (const [outcome, all] of Map.groupBy(during, ({ outcome }) => outcome)) {
        console.log(`black hole: ${outcome} ${figures(all)}`)
      }
      console.log(
        `black hole: first saved ${healedIn.toFixed(0)} ms after it; then ${JSON.stringify(counted(after))}`
      )
      for (const { millis, outcome } of during) {
        assert.include(["ok", "Busy", "Unavailable", "OutcomeUnknown"], outcome)
        // 6 s until a call counts as lost, 2 s to settle it.
        assert.isBelow(millis, outcome === "Busy" ? 2_700 : 8_500)
      }
      assert.isAbove(during.filter(({ outcome }) => outcome === "OutcomeUnknown").length, 0)
      assert.isBelow(healedIn, 3_000)
      assert.isAbove(after.length, 100)
      assert.isEmpty(after.filter(({ outcome }) => outcome !== "ok"))

      for (const stream of streams) {
        const stored = yield* store.readStream(stream, 0, 10_000)
        assert.strictEqual(
          new Set(stored.map(({ header }) => header.commandKey + header.ordinal)).size,
          stored.length
        )
      }
    })
  )
})

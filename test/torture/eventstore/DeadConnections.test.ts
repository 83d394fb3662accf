import { assert, describe, it } from "@effect/vitest"
import { logChannel } from "@indelible/infrastructure/postgres/log/LogNotifier"
import { Effect, Queue, Result } from "effect"
import { freshStream } from "../../contract/Notebook.ts"
import * as FaultProxy from "../../faults/FaultProxy.ts"
import { make } from "./LogWorld.ts"
import { timed } from "./Traffic.ts"

const read = <A, E extends { readonly _tag: string }>(reading: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const start = performance.now()
    const result = yield* Effect.result(reading)
    return {
      outcome: Result.isSuccess(result) ? "ok" : result.failure._tag,
      millis: performance.now() - start
    }
  })

describe("connections that have died in silence", () => {
  it.live("keep nobody for long: readers are told, and writing, reading and waking work on new ones", () =>
    Effect.gen(function* () {
      const world = yield* make("embedded")
      const proxy = yield* FaultProxy.make(world.url)
      const store = yield* world.node("a", { over: proxy.url, readsOverToo: true, lanes: 1 })
      const woken = yield* (yield* world.byHand).listen(logChannel)
      const stream = freshStream()
      yield* timed(store, stream)
      yield* Effect.all(
        Array.from({ length: 8 }, () => store.readStream(stream, 0, 10)),
        { concurrency: "unbounded" }
      )
      yield* Effect.sleep("50 millis")
      yield* Queue.clear(woken)

      yield* proxy.blackhole
      yield* proxy.forget
      // Every connection that the node has is dead, and it cannot know.
      const [written, ...readings] = yield* Effect.all(
        [
          timed(store, freshStream()),
          read(store.readStream(stream, 0, 10)),
          read(store.sliceHeads),
          read(store.readSlices([{ slice: 1, after: 0 }], 10)),
          read(store.readStream(stream, 0, 10))
        ],
        { concurrency: "unbounded" }
      )
      console.log(
        `dead connections: write ${written.outcome} after ${written.millis.toFixed(0)} ms; reads ${readings
          .map(({ millis, outcome }) => `${outcome} ${millis.toFixed(0)}`)
          .join(", ")} ms`
      )
      assert.strictEqual(written.outcome, "ok", "repeated on a new connection")
      assert.isAbove(written.millis, 5_500)
      assert.isBelow(written.millis, 8_500)
      for (const { millis, outcome } of readings) {
        assert.include(["ok", "Unavailable"], outcome)
        assert.isBelow(millis, 10_500)
      }
      const start = performance.now()
      let again = yield* read(store.readStream(stream, 0, 10))
      while (again.outcome !== "ok") again = yield* read(store.readStream(stream, 0, 10))
      const millis = performance.now() - start
      yield* Queue.clear(woken)
      yield* timed(store, stream)
      yield* Effect.timeout(Queue.take(woken), "5 seconds")
      console.log(`dead connections: reading works after another ${millis.toFixed(0)} ms, waking too`)
      assert.isBelow(millis, 12_000)
    })
  )
})

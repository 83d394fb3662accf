import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { percentile } from "../../bench/Latencies.ts"
import { streamIn } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { make } from "./LogWorld.ts"
import * as RawWriter from "./RawWriter.ts"
import { beside, figures, latencies, timed, traffic } from "./Traffic.ts"

const slice = 42

const scene = Effect.fnUntraced(function* (server: Parameters<typeof make>[0]) {
  const world = yield* make(server)
  return { world, store: yield* world.node("a"), raw: yield* RawWriter.make(world.url) }
})

/** One note to each of so many new notebooks of the slice, all at once. */
const manyIn = (store: Parameters<typeof timed>[0], of: number, count: number) =>
  Effect.forEach(
    Array.from({ length: count }, () => streamIn(of)),
    (stream) => timed(store, stream),
    { concurrency: "unbounded" }
  )

describe.each(TestDatabase.oldestServer())("a slice that others hold by hand, on %s", (server) => {
  it.live("all of its many streams are answered Busy in time, and no other slice notices", () =>
    Effect.gen(function* () {
      const { raw, store } = yield* scene(server)
      const waiting = Effect.gen(function* () {
        yield* raw.begin
        yield* raw.lock(slice)
        const answers = yield* manyIn(store, slice, 60)
        yield* raw.commit
        return answers
      })
      const others = Array.from({ length: 30 }, (_, i) => streamIn(100 + i))
      const answers = yield* beside(`slice held, ${server}`, store, others, waiting)
      console.log(`slice held, ${server}: busy: ${figures(answers)}`)
      assert.isTrue(answers.every(({ outcome }) => outcome === "Busy"))
      assert.isBelow(latencies(answers).at(-1) ?? 0, 2_600)
      const after = yield* manyIn(store, slice, 20)
      assert.isTrue(after.every(({ millis, outcome }) => outcome === "ok" && millis < 1_000))
    })
  )

  it.live("for less than 2 s: nobody is turned away, and all go through when it is free", () =>
    Effect.gen(function* () {
      const { raw, store } = yield* scene(server)
      yield* raw.begin
      yield* raw.lock(slice)
      const waiting = yield* Effect.forkChild(manyIn(store, slice, 40))
      yield* Effect.sleep("1300 millis")
      yield* raw.commit
      const released = performance.now()
      const answers = yield* Fiber.join(waiting)
      const millis = performance.now() - released
      console.log(`slice held for 1.3 s, ${server}: the last of 40 streams ${millis.toFixed(0)} ms after`)
      assert.isEmpty(answers.filter(({ outcome }) => outcome !== "ok"))
      assert.isBelow(millis, 1_000)
    })
  )

  it.live("while two nodes meet in others: the meetings are settled, not held up behind what is stuck", () =>
    Effect.gen(function* () {
      const { raw, store: a, world } = yield* scene(server)
      const b = yield* world.node("b")
      const slices = [slice, 43, 44]
      const rows = [streamIn(60), streamIn(61)]
      for (const stream of rows) yield* timed(a, stream)
      // Few slices, so that the two nodes often find them taken by each other.
      const shared = Array.from({ length: 8 }, (_, i) => streamIn(100 + (i % 3)))
      let going = true
      const onBoth = yield* Effect.forkChild(
        Effect.forEach([a, b], (store) => traffic(store, shared, () => going), { concurrency: "unbounded" })
      )
      yield* raw.begin
      for (const taken of slices) yield* raw.lock(taken)
      for (const stream of rows)
        yield* raw.run("SELECT FROM stream WHERE stream_id = $1 FOR UPDATE", [stream])
      const stuck = yield* Effect.forEach(
        [a, b],
        (store) =>
          Effect.all(
            [
              ...rows.map((stream) => Effect.map(timed(store, stream), (answer) => [answer])),
              ...slices.map((taken) => manyIn(store, taken, 10))
            ],
            { concurrency: "unbounded" }
          ),
        { concurrency: "unbounded" }
      )
      yield* raw.commit
      going = false
      const met = (yield* Fiber.join(onBoth)).flat()
      const busy = stuck.flat(2)
      console.log(`held while two nodes meet, ${server}: ${figures(met)}; stuck: ${figures(busy)}`)
      assert.isEmpty(met.filter(({ outcome }) => outcome !== "ok"))
      for (const { millis, outcome } of busy) {
        assert.strictEqual(outcome, "Busy")
        assert.isBelow(millis, 2_700)
      }
      assert.isBelow(percentile(latencies(met), 95), 1_000)
    })
  )
})

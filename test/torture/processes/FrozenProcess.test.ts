import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { percentile } from "../../bench/Latencies.ts"
import { freshStream } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { type Seed, seeded } from "../Seed.ts"
import { type Attempt, now } from "./History.ts"
import * as Load from "./Load.ts"
import * as Nodes from "./Nodes.ts"
import type { WriterProcess } from "./WriterProcess.ts"

/** Sorted latencies in milliseconds of what this process began and ended between two moments. */
const latencies = (
  attempts: ReadonlyArray<Attempt>,
  process: WriterProcess,
  streams: ReadonlyArray<string>,
  from: number,
  to: number
) =>
  attempts
    .filter((each) => each.process === process.name && streams.includes(each.stream))
    .filter(({ began, ended }) => began >= from && ended <= to)
    .map(({ began, ended }) => ended - began)
    .sort((a, b) => a - b)

const figures = (sorted: ReadonlyArray<number>) =>
  `p50 ${percentile(sorted, 50).toFixed(1)} ms, p95 ${percentile(sorted, 95).toFixed(1)} ms, ` +
  `longest ${percentile(sorted, 100).toFixed(1)} ms of ${sorted.length}`

/** Both processes write in conversations of their own and in one that they share. */
const world = Effect.fn(function* (seed: Seed) {
  const nodes = yield* Nodes.make(yield* TestDatabase.make("embedded"))
  const [a, b] = yield* Effect.all([nodes.start("a"), nodes.start("b")], { concurrency: 2 })
  const attempts: Array<Attempt> = []
  const shared = freshStream()
  const own = { a: [freshStream(), freshStream(), freshStream()] as const, b: [freshStream()] as const }
  const loads = yield* Effect.forEach(
    [
      { process: a, streams: own.a, clients: 3 },
      { process: b, streams: own.b, clients: 3 },
      { process: a, streams: [shared] as const, clients: 3 },
      { process: b, streams: [shared] as const, clients: 3 }
    ],
    ({ clients, process, streams }) =>
      Load.start({ seed, clients, streams, next: () => Effect.succeed(process), attempts })
  )
  const count = (process: WriterProcess) => attempts.filter((each) => each.process === process.name).length
  const warm = Load.until("both write", 15_000, () => count(a) > 200 && count(b) > 200)
  const stop = Effect.forEach(loads, (load) => load.stop, { concurrency: "unbounded", discard: true })
  return { nodes, a, b, attempts, shared, own, count, warm, stop }
})

describe("a frozen process", () => {
  it.live(
    "F6: holds nobody up for 5 s, in other conversations or in the same, and settles when it thaws",
    () =>
      Effect.gen(function* () {
        const { a, attempts, b, count, nodes, own, shared, stop, warm } = yield* world(seeded("frozen"))
        yield* warm
        const start = now()
        yield* Effect.sleep("2 seconds")
        const frozen = now()
        a.signal("SIGSTOP")
        yield* Effect.sleep("5 seconds")
        const thawed = now()
        a.signal("SIGCONT")
        const answered = count(a)
        yield* Load.until("it writes again", 3_000, () => count(a) > answered + 50)
        console.log(`frozen: writes again ${(now() - thawed).toFixed(0)} ms after it thawed`)
        yield* stop

        const before = latencies(attempts, b, own.b, start, frozen)
        const meanwhile = latencies(attempts, b, own.b, frozen, thawed)
        console.log(`other conversations before: ${figures(before)}; meanwhile: ${figures(meanwhile)}`)
        const sharedBefore = latencies(attempts, b, [shared], start, frozen)
        const sharedMeanwhile = latencies(attempts, b, [shared], frozen, thawed)
        console.log(
          `the same conversation before: ${figures(sharedBefore)}; meanwhile: ${figures(sharedMeanwhile)}`
        )
        assert.isAbove(meanwhile.length, before.length)
        // Room for a machine that is busy with something else; a lock held by the frozen one would take seconds.
        assert.isBelow(percentile(meanwhile, 95), Math.max(2 * percentile(before, 95), 50))
        assert.isAbove(sharedMeanwhile.length, sharedBefore.length)
        assert.isBelow(percentile(sharedMeanwhile, 100), 2_000)
        const others = attempts.filter(({ process }) => process === "b")
        assert.deepStrictEqual(
          others.filter(({ outcome }) => outcome._tag !== "Ok"),
          []
        )
        yield* nodes.verify("frozen", attempts)
      })
  )

  it.live(
    "F6: frozen in the midst of calls it holds no lock, and in fits or for long it loses and doubles nothing",
    () =>
      Effect.gen(function* () {
        const seed = seeded("frozen in fits")
        const { a, attempts, b, nodes, stop, warm } = yield* world(seed)
        yield* warm
        const fits = Effect.fnUntraced(function* (process: WriterProcess, longest: number, times: number) {
          for (let i = 0; i < times; i++) {
            process.signal("SIGSTOP")
            yield* Effect.sleep(seed.below(longest))
            process.signal("SIGCONT")
            yield* Effect.sleep(seed.below(100))
          }
        })
        const others = yield* Effect.forkChild(fits(b, 150, 40))
        for (let i = 0; i < 15; i++) {
          yield* nodes.freezeInCall(a)
          // It cannot say "commit" now; nothing may wait for that.
          for (const left of yield* nodes.ended("a"))
            assert.deepStrictEqual(left, { state: "idle", locks: 0 })
          yield* Effect.sleep(seed.below(200))
          a.signal("SIGCONT")
          yield* Effect.sleep(seed.below(50))
        }
        // Past every deadline: on waking, all that was waiting has waited too long.
        yield* nodes.freezeInCall(a)
        yield* Effect.sleep("6500 millis")
        a.signal("SIGCONT")
        yield* Fiber.join(others)
        yield* stop
        yield* nodes.verify("frozen in fits", attempts)
      })
  )
})

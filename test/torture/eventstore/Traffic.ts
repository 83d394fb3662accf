import { randomUUID } from "node:crypto"
import { assert } from "@effect/vitest"
import type { EventStore } from "@indelible/application/store/EventStore"
import type { StreamId } from "@indelible/application/store/StreamId"
import { Effect, Fiber, Result } from "effect"
import { percentile } from "../../bench/Latencies.ts"
import { meta, note, owner } from "../../contract/Notebook.ts"

export interface Timed {
  readonly outcome: string
  readonly millis: number
}

/** One note, and what became of it. */
export const timed = (store: EventStore["Service"], stream: StreamId, id: string = randomUUID()) =>
  Effect.gen(function* () {
    const start = performance.now()
    const result = yield* Effect.result(store.execute(note, stream, { owner, text: "one" }, meta(id)))
    const outcome = Result.isSuccess(result) ? "ok" : result.failure._tag
    return { outcome, millis: performance.now() - start } satisfies Timed
  })

/** Writes to the streams again and again, eight at once, until told to stop. */
export const traffic = Effect.fnUntraced(function* (
  store: EventStore["Service"],
  streams: ReadonlyArray<StreamId>,
  going: () => boolean
) {
  const all: Array<Timed> = []
  let next = 0
  const caller = Effect.gen(function* () {
    while (going()) {
      const stream = streams[next++ % streams.length]
      if (stream !== undefined) all.push(yield* timed(store, stream))
    }
  })
  yield* Effect.all(
    Array.from({ length: 8 }, () => caller),
    { concurrency: "unbounded" }
  )
  return all
})

export const latencies = (all: ReadonlyArray<Timed>) => all.map(({ millis }) => millis).sort((a, b) => a - b)
export const figures = (all: ReadonlyArray<Timed>) => {
  const sorted = latencies(all)
  return `${all.length}, p50 ${percentile(sorted, 50).toFixed(1)}, p95 ${percentile(sorted, 95).toFixed(1)}, worst ${sorted.at(-1)?.toFixed(1)} ms`
}

/** The traffic of all others alone for a while, then beside what happens; every one of them must be answered ok. */
export const beside = Effect.fnUntraced(function* <A>(
  name: string,
  store: EventStore["Service"],
  others: ReadonlyArray<StreamId>,
  happening: Effect.Effect<A>
) {
  const calmEnd = performance.now() + 1_000
  const calm = yield* traffic(store, others, () => performance.now() < calmEnd)
  let going = true
  const disturbed = yield* Effect.forkChild(traffic(store, others, () => going))
  const result = yield* happening
  going = false
  const all = yield* Fiber.join(disturbed)
  console.log(`${name}: others alone ${figures(calm)}; beside it ${figures(all)}`)
  assert.isEmpty(all.filter(({ outcome }) => outcome !== "ok"))
  const [before, after] = [percentile(latencies(calm), 95), percentile(latencies(all), 95)]
  assert.isBelow(after, Math.max(100, 5 * before))
  return result
})

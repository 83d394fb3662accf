import { Effect } from "effect"
import { type Measured, measured } from "./Latencies.ts"

/** `callers` fibers that each begin a call when their last one has ended, for `millis`. */
export const closedLoop = <E, R>(
  callers: number,
  millis: number,
  call: (caller: number, turn: number) => Effect.Effect<unknown, E, R>,
  each = 1
): Effect.Effect<Measured, E, R> =>
  Effect.gen(function* () {
    const latencies: Array<number> = []
    const start = performance.now()
    const end = start + millis
    const caller = Effect.fnUntraced(function* (_: unknown, number: number) {
      for (let turn = 0; performance.now() < end; turn++) {
        const begin = performance.now()
        yield* call(number, turn)
        latencies.push(performance.now() - begin)
      }
    })
    yield* Effect.forEach(Array.from({ length: callers }), caller, {
      concurrency: "unbounded",
      discard: true
    })
    return measured(latencies, performance.now() - start, each)
  })

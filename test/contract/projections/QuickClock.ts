import { Clock, Duration, Effect } from "effect"

const quick = (real: Clock.Clock, times: number): Clock.Clock => ({
  currentTimeMillisUnsafe: () => real.currentTimeMillisUnsafe(),
  currentTimeMillis: real.currentTimeMillis,
  currentTimeNanosUnsafe: () => real.currentTimeNanosUnsafe(),
  currentTimeNanos: real.currentTimeNanos,
  monotonicTimeNanosUnsafe: () => real.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: real.monotonicTimeNanos,
  sleep: (duration) => real.sleep(Duration.millis(Duration.toMillis(duration) / times))
})

/** Runs something with waits that are so many times shorter, and with the time of day as it is. */
export const quickly = <A, E, R>(times: number, effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Clock.Clock, (real) => Effect.provideService(effect, Clock.Clock, quick(real, times)))

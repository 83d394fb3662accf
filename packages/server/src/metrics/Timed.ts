import { Cause, Clock, Effect, Exit } from "effect"

/** Tells how something ended and how many seconds it took; nothing of what was given up by whoever waited for it. */
export type Timed = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  tell: (exit: Exit.Exit<A, E>, seconds: number) => void
) => Effect.Effect<A, E, R>

/** A stopwatch that goes by the clock of the layer it is made in. */
export const timed: Effect.Effect<Timed> = Effect.map(
  Clock.Clock,
  (clock): Timed =>
    (effect, tell) =>
      Effect.suspend(() => {
        const begun = clock.monotonicTimeNanosUnsafe()
        return Effect.onExit(effect, (exit) => {
          if (Exit.isSuccess(exit) || !Cause.hasInterrupts(exit.cause)) {
            tell(exit, Number(clock.monotonicTimeNanosUnsafe() - begun) / 1e9)
          }
          return Effect.void
        })
      })
)

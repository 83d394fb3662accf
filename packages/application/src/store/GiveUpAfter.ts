import { Effect, Fiber } from "effect"

/**
 * Fails when the time is over, and does not wait until the effect has ended: a query that is interrupted asks the server
 * to cancel, and waits up to 10 s for one that does not answer.
 */
export const giveUpAfter = <A, E, R, Late>(
  effect: Effect.Effect<A, E, R>,
  millis: number,
  late: () => Late
): Effect.Effect<A, E | Late, R> =>
  Effect.flatMap(Effect.forkDetach(effect), (running) => {
    const interrupt = Effect.asVoid(Effect.forkDetach(Fiber.interrupt(running)))
    return Fiber.join(running).pipe(
      Effect.timeoutOrElse({
        duration: millis,
        orElse: () =>
          Effect.andThen(
            interrupt,
            Effect.suspend(() => Effect.fail(late()))
          )
      }),
      Effect.onInterrupt(() => interrupt)
    )
  })

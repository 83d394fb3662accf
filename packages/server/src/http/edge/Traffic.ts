import { Context, Deferred, Effect, Layer } from "effect"

const make = (most: number) =>
  Effect.sync(() => {
    let inFlight = 0
    let draining = false
    const idle = Deferred.makeUnsafe<void>()

    const leave = Effect.sync(() => {
      inFlight -= 1
      if (draining && inFlight === 0) Deferred.doneUnsafe(idle, Effect.void)
    })

    return {
      /** Runs a request if there is room for it, otherwise `full`. */
      admit: <A, E, R, A2, E2, R2>(request: Effect.Effect<A, E, R>, full: Effect.Effect<A2, E2, R2>) =>
        Effect.suspend((): Effect.Effect<A | A2, E | E2, R | R2> => {
          if (inFlight >= most) return full
          inFlight += 1
          return Effect.ensuring(request, leave)
        }),
      isDraining: Effect.sync(() => draining),
      /** From now on this node calls itself not ready; ends when the requests in flight have been answered. */
      drain: Effect.suspend(() => {
        draining = true
        return inFlight === 0 ? Effect.void : Deferred.await(idle)
      })
    }
  })

/** The requests that this node works on, so that there are never too many and none is cut off by a stop. */
export class Traffic extends Context.Service<Traffic, Effect.Success<ReturnType<typeof make>>>()(
  "@indelible/server/http/edge/Traffic"
) {
  static readonly layer = (most: number) => Layer.effect(this, make(most))
}

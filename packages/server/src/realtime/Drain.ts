import { Duration, Effect, Random } from "effect"
import { closeAll } from "./CloseAll.ts"
import { Dispatcher } from "./Dispatcher.ts"
import { Sessions } from "./Sessions.ts"

/** Milliseconds over which those who lost their node spread their return. */
const soonest = 250
const latest = 5_000

/**
 * Empties the node of its sockets before it stops: tells them, lets the commands in flight be answered, closes, and cuts
 * whoever is left when the time is up. What was not answered was not acknowledged, so nobody counts on it.
 */
export const drain = Effect.gen(function* () {
  const { house, open } = yield* Sessions
  const { stop } = yield* Dispatcher
  const { drainWithin } = house.settings

  return Effect.gen(function* () {
    for (const session of open) {
      const retryAfterMs = yield* Random.nextIntBetween(soonest, latest)
      session.answer(undefined, { type: "draining", retryAfterMs })
    }
    yield* Effect.timeoutOption(stop, Duration.millis((drainWithin * 2) / 3))
    yield* closeAll(open, drainWithin / 3)
    // Finalizers cannot be interrupted, and then no time-out would end them.
  }).pipe(Effect.interruptible)
})

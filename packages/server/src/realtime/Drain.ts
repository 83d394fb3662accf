import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Duration, Effect, Random, Schedule } from "effect"
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
  const allGone = Effect.repeat(
    Effect.sync(() => open.size === 0),
    { until: (gone) => gone, schedule: Schedule.spaced("10 millis") }
  )
  const atMost = (millis: number) => Effect.timeoutOption(Duration.millis(millis))

  return Effect.gen(function* () {
    for (const session of open) {
      const retryAfterMs = yield* Random.nextIntBetween(soonest, latest)
      session.answer(undefined, { type: "draining", retryAfterMs })
    }
    yield* atMost((drainWithin * 2) / 3)(stop)
    for (const session of open) session.end(CloseCode.draining, "this node stops")
    yield* atMost(drainWithin / 3)(allGone)
    for (const session of open) session.outlet.terminate()
    // Finalizers cannot be interrupted, and then no time-out would end them.
  }).pipe(Effect.interruptible)
})

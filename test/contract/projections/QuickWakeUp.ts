import { LogWakeUp } from "@indelible/application/store/LogWakeUp"
import { Effect, Layer } from "effect"

/** Readers look at all of the log every 5 ms. */
export const quickWakeUp = Layer.succeed(LogWakeUp, {
  subscribe: Effect.succeed({ hint: Effect.sleep("5 millis"), take: Effect.succeed(null) })
})

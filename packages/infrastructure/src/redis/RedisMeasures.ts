import { Effect, Metric } from "effect"
import type { RedisUnavailable } from "./RedisUnavailable.ts"

const outcomes = ["answered", "refused", "timeout", "disconnected", "overloaded", "circuit-open"] as const

const connected = Metric.gauge("indelible_redis_connected", {
  description: "1: Redis answered in time when it was last asked, about a second ago"
})

/** What is counted of Redis. Plain calls: they are on the way of every message. */
export interface RedisMeasures {
  readonly call: (outcome: "answered" | RedisUnavailable["reason"]) => void
  readonly connected: (yes: boolean) => void
}

export const redisMeasures: Effect.Effect<RedisMeasures> = Effect.map(Effect.context<never>(), (context) => {
  const counters = new Map(
    outcomes.map((outcome) => {
      const counter = Metric.counter("indelible_redis_calls_total", {
        description: "Commands to Redis, by what became of them",
        incremental: true,
        attributes: { outcome }
      })
      // There from the start: one that appears with its first failure would hide it from `rate`.
      counter.valueUnsafe(context)
      return [outcome, counter]
    })
  )
  return {
    call: (outcome) => counters.get(outcome)?.updateUnsafe(1, context),
    connected: (yes) => connected.updateUnsafe(yes ? 1 : 0, context)
  }
})

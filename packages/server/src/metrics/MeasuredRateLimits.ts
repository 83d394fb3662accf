import { RateLimits } from "@indelible/application/limits/RateLimits"
import { LimitName } from "@indelible/application/limits/RateRules"
import { Effect, Layer, Metric } from "effect"

const outcomes = ["added", "known", "refused"] as const
type Outcome = (typeof outcomes)[number]

const counter = (limit: LimitName, outcome: Outcome) =>
  Metric.counter("indelible_limit_requests_total", {
    description: "Requests for room under a limit, by the limit and by what they were answered",
    incremental: true,
    attributes: { limit, outcome }
  })

/** The limits below it, with how often they were met. All series are there from the start, at zero. */
export const layer = Layer.effect(
  RateLimits,
  Effect.gen(function* () {
    const { take } = yield* RateLimits
    const context = yield* Effect.context<never>()
    const counters = new Map(
      LimitName.literals.flatMap((limit) =>
        outcomes.map((outcome) => [`${limit} ${outcome}`, counter(limit, outcome)] as const)
      )
    )
    for (const each of counters.values()) each.valueUnsafe(context)
    return RateLimits.of({
      take: (limit, subject, member) =>
        Effect.tap(take(limit, subject, member), (turn) => {
          const outcome = turn._tag === "Refused" ? "refused" : turn.added ? "added" : "known"
          return Effect.sync(() => counters.get(`${limit} ${outcome}`)?.updateUnsafe(1, context))
        })
    })
  })
)

import { type Admitted, RateLimits, type Refused } from "@indelible/application/limits/RateLimits"
import { LimitName } from "@indelible/application/limits/RateRules"
import { Effect, Layer, Metric } from "effect"
import * as MemoryRateLimits from "../memory/MemoryRateLimits.ts"
import * as RedisRateWindows from "./RedisRateWindows.ts"
import type { RedisUnavailable } from "./RedisUnavailable.ts"

const fallbacks = Effect.map(Effect.context<never>(), (context) => {
  const counters = new Map(
    LimitName.literals.map((limit) => {
      const counter = Metric.counter("indelible_limit_fallbacks_total", {
        description: "Requests for room under a limit that this node answered by what it saw itself",
        incremental: true,
        attributes: { limit }
      })
      counter.valueUnsafe(context)
      return [limit, counter]
    })
  )
  return (limit: LimitName) => Effect.sync(() => counters.get(limit)?.updateUnsafe(1, context))
})

/** What Redis does not hear it forgets within a window; that it did not answer is counted and logged where it is asked. */
const evenUnheard = (told: Effect.Effect<unknown, RedisUnavailable>) => Effect.ignore(told)

const both = (here: Admitted, there: Admitted<RedisUnavailable>): Admitted => ({
  ...there,
  keep: Effect.andThen(here.keep, evenUnheard(there.keep)),
  giveBack: Effect.flatMap(here.giveBack, (standing) =>
    Effect.catch(there.giveBack, () => Effect.succeed(standing))
  )
})

/** Lets in what either of the two knows, and what is new to both as long as both have room. */
const agreed = Effect.fnUntraced(function* (
  here: Admitted | Refused,
  there: Admitted<RedisUnavailable> | Refused
): Effect.fn.Return<Admitted | Refused> {
  if (there._tag === "Refused") {
    if (here._tag === "Refused") return there
    if (!here.added) return here
    yield* here.giveBack
    return there
  }
  if (here._tag === "Admitted") return both(here, there)
  if (there.added) {
    yield* evenUnheard(there.giveBack)
    return here
  }
  return { ...there, keep: evenUnheard(there.keep), giveBack: Effect.succeed(there.standing) }
})

/**
 * Limits that nodes share by Redis. Each keeps its own window all the same, which refuses also where Redis would not:
 * after Redis lost what it knew, and while it does not answer, a person who is on n nodes may do n times as much as the
 * rule says, and no more.
 */
export const layer = Layer.effect(
  RateLimits,
  Effect.gen(function* () {
    const node = yield* MemoryRateLimits.make
    const nodes = yield* RedisRateWindows.make
    const fellBack = yield* fallbacks
    return RateLimits.of({
      take: Effect.fnUntraced(function* (limit, subject, member) {
        const here = yield* node.take(limit, subject, member)
        return yield* Effect.matchEffect(nodes.take(limit, subject, member), {
          onSuccess: (there) => agreed(here, there),
          onFailure: () =>
            Effect.as(
              fellBack(limit),
              here._tag === "Refused"
                ? here
                : {
                    ...here,
                    // Redis may answer again by now, and other nodes should know.
                    keep: Effect.andThen(here.keep, evenUnheard(nodes.keep(limit, subject, member)))
                  }
            )
        })
      })
    })
  })
)

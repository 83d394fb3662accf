import { RateLimits } from "@indelible/application/limits/RateLimits"
import { Clock, Effect, Layer, Option } from "effect"
import { DevelopmentClock } from "./PlayedClock.ts"

/** The limits below it, whose hours go by as they are played: otherwise nobody could play months without waiting. */
export const layer = Layer.effect(
  RateLimits,
  Effect.gen(function* () {
    const limits = yield* RateLimits
    const clock = yield* DevelopmentClock
    if (Option.isNone(clock)) return limits
    const played = <A>(effect: Effect.Effect<A>) =>
      Effect.provideService(effect, Clock.Clock, clock.value.passed)
    return RateLimits.of({
      take: (...asked) =>
        Effect.map(played(limits.take(...asked)), (turn) =>
          turn._tag === "Refused"
            ? turn
            : { ...turn, keep: played(turn.keep), giveBack: played(turn.giveBack) }
        )
    })
  })
)

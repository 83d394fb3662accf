import { Freshness, NotYetFresh } from "@indelible/projections/engine/Freshness"
import { Cause, Effect, Exit, Layer, Option } from "effect"
import { latencies } from "./Latencies.ts"
import { timed } from "./Timed.ts"

const outcomes = ["fresh", "late", "unavailable"] as const

const outcomeOf = <Failure>(exit: Exit.Exit<void, Failure>): (typeof outcomes)[number] => {
  if (Exit.isSuccess(exit)) return "fresh"
  const error = Option.getOrNull(Cause.findErrorOption(exit.cause))
  return error instanceof NotYetFresh ? "late" : "unavailable"
}

/** Freshness below it, with the time that queries wait for it: those that were asked to be as fresh as something. */
export const layer = Layer.effect(
  Freshness,
  Effect.gen(function* () {
    const { atLeast } = yield* Freshness
    const time = yield* timed
    const observe = yield* latencies(
      "indelible_freshness_wait_seconds",
      "Time that queries waited for their tables to hold what their callers had written",
      "outcome",
      outcomes
    )
    return Freshness.of({
      atLeast: (projections, token) =>
        token === undefined
          ? Effect.void
          : time(atLeast(projections, token), (exit, seconds) => observe(outcomeOf(exit), seconds))
    })
  })
)

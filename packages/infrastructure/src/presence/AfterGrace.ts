import { Duration, Effect, type Latch } from "effect"
import type { Departure, PeopleHere } from "./PeopleHere.ts"

/**
 * Hands over, for ever, who stayed away longer than their grace. One timer for all of them, and none while there is
 * nobody.
 *
 * @param someoneLeft opened when somebody lost their last device
 */
export const afterGrace = <E, R>(
  here: PeopleHere,
  someoneLeft: Latch.Latch,
  leave: (departures: ReadonlyArray<Departure>) => Effect.Effect<void, E, R>
): Effect.Effect<never, E, R> =>
  Effect.gen(function* () {
    yield* someoneLeft.await
    const next = here.nextDeparture
    if (next === undefined) yield* someoneLeft.close
    else {
      yield* Effect.sleep(Duration.nanos(next))
      const departures = here.departures()
      if (departures.length > 0) yield* leave(departures)
    }
  }).pipe(Effect.forever)

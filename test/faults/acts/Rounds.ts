import { Effect } from "effect"

/** At most: then it shows nothing, and is void. */
const more = 3

/**
 * Does something so many times, and some more while it hit others than those it is for.
 *
 * @returns how many times
 */
export const rounds = Effect.fnUntraced(function* <E, R>(
  times: number,
  isShown: Effect.Effect<boolean>,
  work: (round: number) => Effect.Effect<void, E, R>
) {
  let done = 0
  while (done < times || (done < times + more && !(yield* isShown))) {
    yield* work(done)
    done += 1
  }
  return done
})

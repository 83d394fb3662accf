import type { PositionToken } from "@indelible/application/store/PositionToken"
import { Context, Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import * as Checkpoint from "./Checkpoint.ts"
import { covers, ProjectionProgress } from "./ProjectionProgress.ts"
import { ReadModelUnavailable } from "./ReadModelUnavailable.ts"

/** Longest wait of a query for its tables to reach a token, in milliseconds. */
export const longestWaitMillis = 250
const pollMillis = 10

/**
 * The tables did not reach the token in time. An answer all the same would be stale in just the way the caller asked to
 * be spared, so there is none: the edge says 503 with `Retry-After: 1`, and a caller who prefers what there is asks
 * again without a token.
 */
export class NotYetFresh extends Schema.TaggedError<NotYetFresh>()("NotYetFresh", {
  projection: Schema.String
}) {
  override get message() {
    return "this view has not caught up with your last change yet; try again in a second"
  }
}

const isSlice = (slice: string) => /^(0|[1-9]\d{0,2})$/.test(slice) && Number(slice) < Checkpoint.sliceCount

const make = Effect.gen(function* () {
  const progress = yield* ProjectionProgress
  const sql = yield* SqlClient.SqlClient

  /** For tables that another process writes: looks at their checkpoint until they are there. */
  const pollUntilReached = Effect.fnUntraced(function* (projection: string, token: PositionToken) {
    const slices = Object.keys(token).map(Number)
    while (true) {
      const positions = yield* Effect.provideService(
        Checkpoint.read(projection, slices),
        SqlClient.SqlClient,
        sql
      )
      if (covers((slice) => positions.get(slice), token)) return
      yield* Effect.sleep(pollMillis)
    }
  })

  const reach = Effect.fn("Freshness.reach")(
    function* (projection: string, token: PositionToken) {
      const late = new NotYetFresh({ projection })
      // No event will ever have such a position: a token that was tampered with must not cost a wait.
      if (!Object.keys(token).every(isSlice)) return yield* late
      const local = yield* progress.positions(projection)
      const wait = local === null ? pollUntilReached(projection, token) : progress.reached(projection, token)
      yield* Effect.timeoutOrElse(wait, { duration: longestWaitMillis, orElse: () => Effect.fail(late) })
    },
    Effect.catchTag("SqlError", (cause) => Effect.fail(new ReadModelUnavailable({ cause })))
  )

  return {
    /** Waits until all of these projections hold what the token names: at most 250 ms, for one or for many. */
    atLeast: (projections: ReadonlyArray<string>, token: PositionToken | undefined) =>
      token === undefined
        ? Effect.void
        : Effect.forEach(projections, (projection) => reach(projection, token), {
            concurrency: "unbounded",
            discard: true
          })
  }
})

/** Lets a query be at least as fresh as the token that a command answered with. */
export class Freshness extends Context.Service<Freshness, Effect.Success<typeof make>>()(
  "@indelible/projections/engine/Freshness"
) {
  static readonly layer = Layer.effect(this, make)
}

import type { ProjectionStatus } from "@indelible/projections/operations/ProjectionStatus"
import { Cause, Effect } from "effect"
import { projectionFigures } from "./ProjectionFigures.ts"

/** Prometheus gives up after 10 s. */
const deadline = "2 seconds"
const leastInterval = "1 second"

/**
 * The figures of all projections, asked of the database when somebody wants them: they are right whichever node, thread
 * or version of the program works on a projection, and also when none does. However many ask, the database is asked once
 * a second at most; when it does not answer in time the figures are left out, and the text says so.
 *
 * @param list asks how they are doing
 */
export const collectProjections = <E>(list: Effect.Effect<ReadonlyArray<ProjectionStatus>, E>) => {
  const collect = list.pipe(
    Effect.timeout(deadline),
    Effect.map(projectionFigures),
    Effect.catchCause((cause) =>
      // Whoever asked is gone, or the process stops.
      Cause.hasInterruptsOnly(cause)
        ? Effect.failCause(cause)
        : Effect.as(
            Effect.logWarning("the figures of projections could not be read", cause),
            projectionFigures(null)
          )
    )
  )
  return Effect.cachedWithTTL(collect, leastInterval)
}

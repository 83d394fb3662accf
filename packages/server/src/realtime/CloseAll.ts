import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Duration, Effect, Schedule } from "effect"
import type { Attended } from "./Attended.ts"

/** Closes all because the node stops, and cuts whoever is left after so many milliseconds. */
export const closeAll = (open: ReadonlySet<Attended>, within: number) =>
  Effect.gen(function* () {
    for (const each of open) each.end(CloseCode.draining, "this node stops")
    yield* Effect.sync(() => open.size === 0).pipe(
      Effect.repeat({ until: (gone) => gone, schedule: Schedule.spaced("10 millis") }),
      Effect.timeoutOption(Duration.millis(within))
    )
    for (const each of open) each.outlet.terminate()
  })

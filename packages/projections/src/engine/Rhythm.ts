import { LogWakeUp } from "@indelible/application/store/LogWakeUp"
import { Effect } from "effect"
import { allSlices } from "./FoldPage.ts"
import { ProjectionProgress } from "./ProjectionProgress.ts"

/**
 * Milliseconds of rest after a page, unless somebody waits for the next: events that come meanwhile share its
 * transaction. Without it every event would have one of its own in every projection, at any rate that the machine can
 * bear, and sends would wait for it.
 */
const restMillis = 100

/**
 * When the owner of a projection reads the log again, and in which slices: where it has grown, as hints tell, where a
 * query waits for it, and now and then everywhere, since hints may be lost.
 *
 * @returns what to wait for when all was read that was due; after a page it rests first
 */
export const rhythm = Effect.fnUntraced(function* (name: string) {
  const growth = yield* (yield* LogWakeUp).subscribe
  const { asked, takeAsked } = yield* ProjectionProgress
  return Effect.fnUntraced(function* (rests: boolean) {
    if (rests) yield* Effect.raceFirst(Effect.sleep(restMillis), asked(name))
    yield* Effect.raceFirst(growth.hint, asked(name))
    const wanted = yield* takeAsked(name)
    const grown = yield* growth.take
    return grown === null ? allSlices : [...new Set([...wanted, ...grown])]
  })
})

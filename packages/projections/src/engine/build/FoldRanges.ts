import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Clock, Effect } from "effect"
import type { Claim } from "../Claim.ts"
import { type FoldOptions, foldPage } from "../FoldPage.ts"
import type { Projection } from "../Projection.ts"
import type { Pace } from "./Pace.ts"
import type { Progress } from "./Progress.ts"

/** Ranges that are folded at once: while one waits for the database another decodes. */
const lanes = 2

/** Large pages: what one conversation comes to is written once for many of its events. They bound the memory. */
export const pageOf = <E extends DomainEvent>({
  needs
}: Projection<E>): FoldOptions & { readonly limit: number } =>
  needs === "all" ? { limit: 2_000 } : { limit: 8_000, thin: true }

/**
 * Folds the log into a set of tables, ranges of slices side by side, up to where it ended when that was looked at.
 * Every range goes on from the set's checkpoint, so a build that was cut off loses at most a page of each.
 */
export const foldRanges = Effect.fn("FoldRanges.foldRanges")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  claim: Claim,
  upTo: ReadonlyArray<number>,
  progress: Progress,
  pace: Pace
) {
  const positions = claim.positions.slice()
  const parked = new Map(claim.parked)
  const usual = pageOf(projection)
  const foldRange = Effect.fnUntraced(function* (range: Progress["ranges"][number]) {
    const slices = Array.from({ length: range.to - range.from + 1 }, (_, i) => range.from + i)
    let current = claim
    while (true) {
      const begin = yield* Clock.currentTimeMillis
      const folded = yield* foldPage(projection, current, {
        ...usual,
        limit: pace.page(usual.limit),
        slices,
        upTo
      })
      if (folded.events === 0) break
      current = folded.claim
      range.events += folded.events
      yield* pace.after(folded.events, (yield* Clock.currentTimeMillis) - begin)
    }
    for (const slice of slices) positions[slice] = current.positions[slice] ?? 0
    for (const [stream, pos] of current.parked) parked.set(stream, pos)
  })
  yield* Effect.forEach(progress.ranges, foldRange, { concurrency: lanes, discard: true })
  const reached: Claim = { ...claim, positions, parked }
  return reached
})

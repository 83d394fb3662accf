import { Effect, Random } from "effect"
import { EventLog } from "./EventLog.ts"
import type { StreamId } from "./StreamId.ts"

/** As good a place as any to begin at: ids of streams end in random hexadecimal digits. */
const anyPlace = Effect.map(Random.nextIntBetween(0, 0xffff_ffff), (place) =>
  place.toString(16).padStart(8, "0")
)

/**
 * Streams of one category by chance, each at most once: `size` of them, or all where there are no more. A few statements,
 * none of which reads more than twice `size` and 256 ids, however many streams there are. Each can be drawn, the likelier
 * the further its id is from the one before it in its slice.
 */
export const drawStreams = Effect.fn("drawStreams")(function* (category: string, size: number) {
  const store = yield* EventLog
  const slices = (yield* store.sliceHeads).filter(({ after }) => after > 0)
  const starts = yield* Effect.forEach(slices, ({ slice }) =>
    Effect.map(anyPlace, (from) => ({ slice, from }))
  )
  let drawn: ReadonlyArray<StreamId> = []
  // Slices are about equally full unless there are few streams: then some need to give more than their share.
  for (let perSlice = Math.ceil(size / Math.max(1, starts.length)); drawn.length < size; perSlice *= 2) {
    const more = yield* store.sampleStreams(category, starts, perSlice)
    if (more.length === drawn.length) break
    drawn = more
  }
  return (yield* Random.shuffle(drawn)).slice(0, size)
})

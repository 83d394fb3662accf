import type { EventStore } from "@indelible/application/store/EventStore"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { Effect } from "effect"

export interface Followed {
  readonly limit: number
  /** In the order they were read. */
  readonly events: ReadonlyArray<StoredEvent>
  readonly pages: number
}

/** Reads the slices from their beginning, page by page, until there is nothing more and nobody writes any more. */
export const follow = Effect.fn("SliceFollower.follow")(function* (
  store: EventStore["Service"],
  slices: ReadonlyArray<number>,
  limit: number,
  writing: () => boolean
) {
  const cursors = new Map(slices.map((slice) => [slice, 0]))
  const events: Array<StoredEvent> = []
  let pages = 0
  for (;;) {
    // Asked before reading: a page that begins after the last commit and is empty is the end.
    const more = writing()
    const page = yield* store.readSlices(
      Array.from(cursors, ([slice, after]) => ({ slice, after })),
      limit
    )
    pages += 1
    for (const event of page) cursors.set(event.slice, event.slicePos)
    events.push(...page)
    if (page.length === 0) {
      if (!more) return { limit, events, pages } satisfies Followed
      yield* Effect.sleep("2 millis")
    }
  }
})

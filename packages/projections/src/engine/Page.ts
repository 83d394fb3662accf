import { EventLog, type SliceCursor } from "@indelible/application/store/EventLog"
import type { LogCorrupted, Unavailable } from "@indelible/application/store/EventStoreError"
import { type EventOutline, outlineOf, type StoredEvent } from "@indelible/application/store/StoredEvent"
import { Effect } from "effect"

/** Some events of the log, in their order, of which not all need be read. */
export interface Page {
  readonly outlines: ReadonlyArray<EventOutline>
  /** Reads some of them, in their order. */
  readonly fetch: (
    wanted: ReadonlyArray<EventOutline>
  ) => Effect.Effect<ReadonlyArray<StoredEvent>, Unavailable | LogCorrupted>
}

/** A page that was read as a whole. */
export const wholePage = (events: ReadonlyArray<StoredEvent>): Page => {
  const byOutline = new Map(events.map((event) => [outlineOf(event), event]))
  return {
    outlines: [...byOutline.keys()],
    fetch: (wanted) => Effect.succeed(wanted.flatMap((outline) => byOutline.get(outline) ?? []))
  }
}

/** The next events of some slices, of which only what a fold needs is read: most of the speed of a rebuild. */
export const thinPage = Effect.fn("Page.thinPage")(function* (
  cursors: ReadonlyArray<SliceCursor>,
  limit: number
) {
  const log = yield* EventLog
  const page: Page = { outlines: yield* log.outlineSlices(cursors, limit), fetch: log.readEvents }
  return page
})

/** The events of one stream in a page. */
export const ofStream = ({ outlines }: Page, streamId: string): ReadonlyArray<EventOutline> =>
  outlines.filter((outline) => outline.streamId === streamId)

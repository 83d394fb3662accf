import type { SliceCursor } from "@indelible/application/store/EventLog"
import { EventStore } from "@indelible/application/store/EventStore"
import type { LogCorrupted } from "@indelible/application/store/EventStoreError"
import { LogWakeUp } from "@indelible/application/store/LogWakeUp"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { Effect, type Latch } from "effect"

/** Hints mostly tell of what this node published itself: one look at the log covers all that came in this time. */
const settle = "50 millis"
/** Publications of one moment come in any order: what looks like a gap is mostly closed by the next one. */
const gapSettle = "3 millis"
const retryAfter = "500 millis"
const readTimeout = "5 seconds"
const pageSize = 500

interface Reader {
  /** Everything before these was handed out. */
  readonly cursors: () => ReadonlyArray<SliceCursor>
  /** Hands out what follows; the cursors have moved when it ends. */
  readonly accept: (events: ReadonlyArray<StoredEvent>) => Effect.Effect<void>
  /** Opened when something waits for what publishing did not bring. */
  readonly missing: Latch.Latch
}

/**
 * Follows the log for the whole node, so that its sockets get what publishing missed: lost and overtaken publications,
 * and whatever other nodes and programs wrote. One page at a time, so its memory is bounded; what it costs follows the
 * events, not the sockets. It ends only when the log is not the one it began with.
 */
export const followLog = ({
  accept,
  cursors,
  missing
}: Reader): Effect.Effect<never, LogCorrupted, EventStore | LogWakeUp> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { readSlices } = yield* EventStore
      const nextHint = yield* (yield* LogWakeUp).subscribe
      const somethingNew = Effect.raceFirst(
        Effect.andThen(nextHint, Effect.sleep(settle)),
        Effect.andThen(missing.await, Effect.sleep(gapSettle))
      )
      let failing = false

      const page = Effect.suspend(() => readSlices(cursors(), pageSize)).pipe(
        Effect.timeout(readTimeout),
        Effect.tap(() => {
          if (!failing) return Effect.void
          failing = false
          return Effect.logInfo("the log can be read again; sockets are caught up")
        }),
        Effect.catchTag(["Unavailable", "TimeoutError"], (error) => {
          const first = !failing
          failing = true
          return Effect.as(
            Effect.andThen(
              first ? Effect.logWarning("sockets get only what this node writes", error) : Effect.void,
              Effect.sleep(retryAfter)
            ),
            []
          )
        })
      )

      while (true) {
        yield* somethingNew
        missing.closeUnsafe()
        let events: ReadonlyArray<StoredEvent>
        do {
          events = yield* page
          if (events.length > 0) yield* accept(events)
        } while (events.length === pageSize)
      }
    })
  )

import type { SliceCursor } from "@indelible/application/store/EventLog"
import { EventStore } from "@indelible/application/store/EventStore"
import type { LogCorrupted } from "@indelible/application/store/EventStoreError"
import { LogWakeUp } from "@indelible/application/store/LogWakeUp"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { Effect, Latch } from "effect"

/** Hints mostly tell of what this node published itself: one look at the log covers all that came in this time. */
const settle = "50 millis"
/** Publications of one moment come in any order: what looks like a gap is mostly closed by the next one. */
const gapSettle = "3 millis"
const retryAfter = "500 millis"
const readTimeout = "5 seconds"
const pageSize = 500

interface Reader {
  /** Everything before these was handed out: in these slices, or in all of them. */
  readonly cursors: (slices: ReadonlyArray<number> | null) => ReadonlyArray<SliceCursor>
  /** Hands out what follows; the cursors have moved when it ends. */
  readonly accept: (events: ReadonlyArray<StoredEvent>) => Effect.Effect<void>
  /** Opened when something waits for what publishing did not bring, in these slices. */
  readonly missing: Latch.Latch
  readonly gaps: () => ReadonlyArray<number>
}

/**
 * Follows the log for the whole node, so that its sockets get what publishing missed: lost and overtaken publications,
 * and whatever other nodes and programs wrote. One page at a time, so its memory is bounded; what it costs follows the
 * events, not the sockets. It ends only when the log is not the one it began with.
 */
export const followLog = ({
  accept,
  cursors,
  gaps,
  missing
}: Reader): Effect.Effect<never, LogCorrupted, EventStore | LogWakeUp> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { readSlices } = yield* EventStore
      const growth = yield* (yield* LogWakeUp).subscribe
      const somethingNew = Effect.raceFirst(
        Effect.andThen(growth.hint, Effect.sleep(settle)),
        Effect.andThen(missing.await, Effect.sleep(gapSettle))
      )
      /** What to read: where the log has grown, and where something is still missing. */
      const due = Effect.map(growth.take, (grown) => {
        const missed = Latch.isOpen(missing) ? gaps() : []
        missing.closeUnsafe()
        return grown && [...new Set([...grown, ...missed])]
      })
      let failing = false

      const page = (slices: ReadonlyArray<number> | null) =>
        Effect.suspend(() => readSlices(cursors(slices), pageSize)).pipe(
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
              null
            )
          })
        )

      while (true) {
        yield* somethingNew
        let slices = yield* due
        while (slices === null || slices.length > 0) {
          const events: ReadonlyArray<StoredEvent> | null = yield* page(slices)
          if (events !== null && events.length > 0) yield* accept(events)
          // A full page may not have been all there was, and others must not starve behind its slices. One that failed
          // was perhaps the look at all of them.
          slices = events === null || events.length === pageSize ? null : []
        }
      }
    })
  )

import { EventOpener } from "@indelible/application/store/EventOpener"
import { EventStore } from "@indelible/application/store/EventStore"
import { type StoredEvent, tagOf } from "@indelible/application/store/StoredEvent"
import { StreamId } from "@indelible/application/store/StreamId"
import { Effect, Fiber, Result, Schedule } from "effect"
import { notebook } from "../../contract/Notebook.ts"
import type { LoggedEvent } from "./History.ts"

const pageSize = 500
const fromTheStart = () => new Map(Array.from({ length: 256 }, (_, slice) => [slice, 0]))

/** The next page after `cursors`, which it moves on. */
const nextPage = Effect.fnUntraced(function* (cursors: Map<number, number>) {
  const store = yield* EventStore
  const page = yield* store.readSlices(
    Array.from(cursors, ([slice, after]) => ({ slice, after })),
    pageSize
  )
  for (const { slice, slicePos } of page) cursors.set(slice, slicePos)
  return page
})

const open = Effect.fnUntraced(function* (events: ReadonlyArray<StoredEvent>) {
  const opened = yield* (yield* EventOpener).open(notebook.events, events)
  return yield* Effect.forEach(events, (stored, i) => {
    const { header, slice, slicePos } = stored
    return Effect.map(
      Effect.fromResult(opened[i] ?? Result.fail(new Error("not opened"))),
      (event): LoggedEvent => ({
        slice,
        slicePos,
        stream: header.streamId,
        pos: header.streamPos,
        key: header.commandKey,
        ordinal: header.ordinal,
        note: event.type === "Noted" ? { seq: event.facts.count, text: event.body?.text ?? null } : null,
        recordedAt: header.recordedAt,
        tag: tagOf(stored)
      })
    )
  })
})

/** The whole log by slices, as readers of the log get it, every event opened. */
export const readAll = Effect.gen(function* () {
  const cursors = fromTheStart()
  const log: Array<LoggedEvent> = []
  for (;;) {
    const page = yield* nextPage(cursors)
    if (page.length === 0) return log
    log.push(...(yield* open(page)))
  }
})

/** One conversation by position, as history shows it, every event opened. */
export const readStream = Effect.fn("LogReading.readStream")(function* (stream: string) {
  const store = yield* EventStore
  const log: Array<LoggedEvent> = []
  for (;;) {
    const page = yield* store.readStream(StreamId.make(stream), log.length, pageSize)
    if (page.length === 0) return log
    log.push(...(yield* open(page)))
  }
})

/**
 * Begins to follow the log from its start, and writes down what it sees in the order it sees it. A database that is
 * away is asked again.
 */
export const follow = Effect.gen(function* () {
  const cursors = fromTheStart()
  const seen: Array<Pick<LoggedEvent, "slice" | "slicePos" | "tag">> = []
  const read = Effect.retry(nextPage(cursors), {
    while: ({ _tag }) => _tag === "Unavailable",
    schedule: Schedule.spaced("50 millis")
  })
  let stopped = false
  const work = Effect.gen(function* () {
    for (;;) {
      const last = stopped
      const page = yield* read
      for (const stored of page) {
        seen.push({ slice: stored.slice, slicePos: stored.slicePos, tag: tagOf(stored) })
      }
      if (page.length > 0) continue
      if (last) return seen
      yield* Effect.sleep("10 millis")
    }
  })
  // A log that is shorter than what was seen of it: what is missing is told by comparison.
  const untilCutOff = Effect.catchTag(work, "LogCorrupted", () => Effect.succeed(seen))
  const reading = yield* Effect.forkScoped(untilCutOff)
  return {
    /** Reads to the end and stops; answers with all that was seen. To be asked when nobody writes any more. */
    seen: Effect.suspend(() => {
      stopped = true
      return Fiber.join(reading)
    })
  }
})

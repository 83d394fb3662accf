import { PgClient } from "@effect/sql-pg"
import { LogWakeUp } from "@indelible/application/store/LogWakeUp"
import { Clock, Effect, Layer, Queue, Schedule } from "effect"
import { GrowthHints } from "./GrowthHints.ts"
import { grownSlices, logChannel } from "./LogNotifier.ts"

/**
 * One LISTEN connection a node wakes all of its readers. While the connection is lost, and right after it is back, the
 * readers find everything by their slow poll.
 */
export const layer: Layer.Layer<LogWakeUp, never, PgClient.PgClient> = Layer.effect(
  LogWakeUp,
  Effect.gen(function* () {
    const sql = yield* PgClient.PgClient
    const clock = yield* Clock.Clock
    const now = () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
    const readers = new Set<GrowthHints>()

    const wake = (slices: ReadonlyArray<number> | null) => {
      for (const reader of readers) reader.add(slices)
    }
    const listen = Effect.scoped(
      Effect.gen(function* () {
        const hints = yield* sql.listen(logChannel)
        yield* Effect.sync(() => wake(null))
        yield* Effect.forever(
          Effect.map(Queue.takeAll(hints), (payloads) => {
            for (const { payload } of payloads) wake(grownSlices(payload))
          })
        )
      })
    )
    yield* listen.pipe(
      Effect.tapError((error) => Effect.logDebug("not listening for a while; readers poll", error)),
      Effect.retry(Schedule.spaced("500 millis")),
      Effect.forkScoped
    )

    return LogWakeUp.of({
      subscribe: Effect.map(
        Effect.acquireRelease(
          Effect.sync(() => {
            const reader = new GrowthHints(now)
            readers.add(reader)
            return reader
          }),
          (reader) => Effect.sync(() => readers.delete(reader))
        ),
        (reader) => ({ hint: reader.hint, take: Effect.sync(() => reader.take()) })
      )
    })
  })
)

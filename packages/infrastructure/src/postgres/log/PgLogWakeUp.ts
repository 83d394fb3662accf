import { PgClient } from "@effect/sql-pg"
import { LogWakeUp, slowPollMillis } from "@indelible/application/store/LogWakeUp"
import { Effect, Latch, Layer, Queue, Schedule } from "effect"
import { logChannel } from "./LogNotifier.ts"

/**
 * One LISTEN connection a node wakes all of its readers. While the connection is lost, and right after it is back, the
 * readers find everything by their slow poll.
 */
export const layer: Layer.Layer<LogWakeUp, never, PgClient.PgClient> = Layer.effect(
  LogWakeUp,
  Effect.gen(function* () {
    const sql = yield* PgClient.PgClient
    const readers = new Set<Latch.Latch>()

    const wakeAll = Effect.sync(() => {
      for (const reader of readers) reader.openUnsafe()
    })
    const listen = Effect.scoped(
      Effect.gen(function* () {
        const hints = yield* sql.listen(logChannel)
        yield* wakeAll
        yield* Effect.forever(Effect.andThen(Queue.takeAll(hints), wakeAll))
      })
    )
    yield* listen.pipe(
      Effect.tapError((error) => Effect.logDebug("not listening for a while; readers poll", error)),
      Effect.retry(Schedule.spaced("500 millis")),
      Effect.forkScoped
    )

    return LogWakeUp.of({
      subscribe: Effect.gen(function* () {
        const reader = Latch.makeUnsafe(false)
        yield* Effect.acquireRelease(
          Effect.sync(() => readers.add(reader)),
          () => Effect.sync(() => readers.delete(reader))
        )
        const wait = reader.await.pipe(
          Effect.timeoutOption(slowPollMillis),
          Effect.andThen(Effect.sync(() => reader.closeUnsafe()))
        )
        return Effect.asVoid(wait)
      })
    })
  })
)

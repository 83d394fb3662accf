import { assert, describe, it } from "@effect/vitest"
import { EventStore } from "@indelible/application/store/EventStore"
import { fullLookMillis, LogWakeUp, slowPollMillis } from "@indelible/application/store/LogWakeUp"
import type { StreamId } from "@indelible/application/store/StreamId"
import { sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import { logChannel } from "@indelible/infrastructure/postgres/log/LogNotifier"
import * as PgLogWakeUp from "@indelible/infrastructure/postgres/log/PgLogWakeUp"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../servers/TestDatabase.ts"
import * as LogDatabase from "./LogDatabase.ts"
import { freshStream, meta, note, owner } from "./Notebook.ts"

const timed = (wait: Effect.Effect<unknown>) =>
  Effect.gen(function* () {
    const begin = performance.now()
    yield* wait
    return performance.now() - begin
  })

describe.each(TestDatabase.whichServers())("waking readers of the log on %s", (server) => {
  const layer = PgLogWakeUp.layer.pipe(Layer.provideMerge(LogDatabase.layer(server)))
  const writeTo = (stream: StreamId) =>
    Effect.flatMap(EventStore, (store) => store.execute(note, stream, { owner, text: "x" }, meta()))
  const write = Effect.suspend(() => writeTo(freshStream()))

  it.live("ends a wait soon after a commit, and by itself when nothing happens", () =>
    Effect.gen(function* () {
      const { hint, take } = yield* (yield* LogWakeUp).subscribe
      yield* hint
      yield* take
      assert.isAtLeast(yield* timed(hint), slowPollMillis - 5)
      yield* write
      assert.isBelow(yield* timed(hint), slowPollMillis - 50)
    }).pipe(Effect.provide(layer), Effect.scoped)
  )

  it.live("names the slices that grew, and now and then asks for a look at all of them", () =>
    Effect.gen(function* () {
      const { hint, take } = yield* (yield* LogWakeUp).subscribe
      assert.isNull(yield* take)
      const stream = freshStream()
      const begin = performance.now()
      const named = Effect.andThen(writeTo(stream), Effect.andThen(hint, take))
      assert.deepStrictEqual(yield* Effect.repeat(named, { until: (slices) => slices !== null }), [
        sliceOf(stream)
      ])
      yield* Effect.repeat(named, { until: (slices) => slices === null })
      assert.isBelow(performance.now() - begin, fullLookMillis + 500)
      yield* Effect.andThen(hint, hint)
      assert.isNull(yield* take)
    }).pipe(Effect.provide(layer), Effect.scoped)
  )

  it.live("asks for a look at all slices after a hint that names none, as older programs give", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { hint, take } = yield* (yield* LogWakeUp).subscribe
      yield* Effect.andThen(hint, take)
      for (const payload of ["", "7 many", "7 256"]) {
        yield* sql`SELECT pg_notify(${logChannel}, ${payload})`
        assert.isBelow(yield* timed(hint), slowPollMillis - 50, payload)
        assert.isNull(yield* take, payload)
      }
    }).pipe(Effect.provide(layer), Effect.scoped)
  )

  it.live("keeps its readers going when its connection is cut, and listens again", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { hint, take } = yield* (yield* LogWakeUp).subscribe
      const wait = Effect.andThen(hint, take)
      yield* wait
      yield* sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`
      assert.isBelow(yield* timed(wait), slowPollMillis + 150)
      const woken = Effect.gen(function* () {
        yield* write
        return (yield* timed(wait)) < slowPollMillis - 50
      })
      const rounds = yield* Effect.repeat(woken, { until: (early) => early, times: 20 })
      assert.isTrue(rounds)
    }).pipe(Effect.provide(layer), Effect.scoped)
  )
})

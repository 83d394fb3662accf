import { assert, describe, it } from "@effect/vitest"
import { EventStore } from "@indelible/application/store/EventStore"
import { LogWakeUp, slowPollMillis } from "@indelible/application/store/LogWakeUp"
import * as PgLogWakeUp from "@indelible/infrastructure/postgres/log/PgLogWakeUp"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../servers/TestDatabase.ts"
import * as LogDatabase from "./LogDatabase.ts"
import { freshStream, meta, note, owner } from "./Notebook.ts"

const timed = (wait: Effect.Effect<void>) =>
  Effect.gen(function* () {
    const begin = performance.now()
    yield* wait
    return performance.now() - begin
  })

describe.each(TestDatabase.whichServers())("waking readers of the log on %s", (server) => {
  const layer = PgLogWakeUp.layer.pipe(Layer.provideMerge(LogDatabase.layer(server)))
  const write = Effect.flatMap(EventStore, (store) =>
    store.execute(note, freshStream(), { owner, text: "x" }, meta())
  )

  it.live("ends a wait soon after a commit, and by itself when nothing happens", () =>
    Effect.gen(function* () {
      const wait = yield* (yield* LogWakeUp).subscribe
      yield* wait
      assert.isAtLeast(yield* timed(wait), slowPollMillis - 5)
      yield* write
      assert.isBelow(yield* timed(wait), slowPollMillis - 50)
    }).pipe(Effect.provide(layer), Effect.scoped)
  )

  it.live("keeps its readers going when its connection is cut, and listens again", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const wait = yield* (yield* LogWakeUp).subscribe
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

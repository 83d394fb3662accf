import { PgClient } from "@effect/sql-pg"
import { assert } from "@effect/vitest"
import type { CrashPoint } from "@indelible/infrastructure/faults/CrashPoint"
import { Effect, Layer, type Redacted, References, Schedule } from "effect"
import { checkSends } from "../../faults/checker/checkSends.ts"
import { type Attempt, type Run, sendsOf, tally } from "./History.ts"
import { follow, readAll, readStream } from "./LogReading.ts"
import * as SharedStore from "./SharedStore.ts"
import * as WriterProcess from "./WriterProcess.ts"

/** Writers on one database, and an observer in this process that only reads. All of it goes with the scope. */
export const make = Effect.fn("Nodes.make")(function* (url: Redacted.Redacted) {
  const observer = yield* Layer.build(SharedStore.layer(url, "observer")).pipe(
    Effect.provideService(References.MinimumLogLevel, "Warn")
  )
  const writers: Array<WriterProcess.WriterProcess> = []

  const start = (name: string, crashPoint?: CrashPoint) =>
    WriterProcess.start({ url, name, ...(crashPoint !== undefined && { crashPoint }) }).pipe(
      Effect.tap((writer) => Effect.sync(() => writers.push(writer)))
    )

  /** What the log holds: the same, whether it is read by slices or conversation by conversation. */
  const readLog = Effect.gen(function* () {
    const log = yield* readAll
    const streams = Map.groupBy(log, ({ stream }) => stream)
    for (const [stream, events] of streams) assert.deepStrictEqual(yield* readStream(stream), events)
    return log
  }).pipe(Effect.provideContext(observer))

  /** Reads the log, prints what happened, and fails with every promise that was broken. */
  const verify = Effect.fn("Nodes.verify")(function* (
    test: string,
    attempts: ReadonlyArray<Attempt>,
    seen?: Run["seen"]
  ) {
    const log = yield* readLog
    console.log(`${test}: ${log.length} events, ${JSON.stringify(tally(attempts))}`)
    assert.deepStrictEqual(checkSends(sendsOf({ attempts, log, ...(seen !== undefined && { seen }) })), [])
    // A defect is no answer that a client could live with.
    const defects = attempts.filter(
      ({ outcome }) => outcome._tag === "Unknown" && /^defect/.test(outcome.error)
    )
    assert.deepStrictEqual(defects, [])
    for (const { strays } of writers) assert.deepStrictEqual(strays, [])
    return log
  })

  /** The connections of a node by name: `<node> lane 0`, `<node> patient 1`, `<node> pool`. */
  const connectionsOf = Effect.fn(function* (node: string) {
    const sql = yield* PgClient.PgClient
    const rows = yield* sql<{ name: string }>`
      SELECT application_name AS name FROM pg_stat_activity
      WHERE datname = current_database() AND starts_with(application_name, ${`${node} `})
      ORDER BY name`
    return rows.map(({ name }) => name)
  }, Effect.provideContext(observer))

  /** What a node's calls in the database are doing: `active`, `idle`, `idle in transaction`; and the locks they hold. */
  const callsOf = Effect.fn(function* (node: string) {
    const sql = yield* PgClient.PgClient
    return yield* sql<{ state: string; locks: number }>`
      SELECT state, (SELECT count(*)::int FROM pg_locks WHERE pg_locks.pid = activity.pid AND granted) AS locks
      FROM pg_stat_activity AS activity
      WHERE datname = current_database() AND starts_with(application_name, ${`${node} lane`})`
  }, Effect.provideContext(observer))

  /** Freezes a writer while one of its calls is under way in the database. */
  const freezeInCall = Effect.fn(function* (writer: WriterProcess.WriterProcess) {
    yield* Effect.repeat(callsOf(writer.name), {
      until: (calls) => calls.some(({ state }) => state === "active")
    })
    writer.signal("SIGSTOP")
  })

  return {
    start,
    connectionsOf,
    freezeInCall,
    /** Waits until no call of a node is under way; answers with what they left. */
    ended: (node: string) =>
      callsOf(node).pipe(
        Effect.repeat({
          until: (calls) => calls.every(({ state }) => state !== "active"),
          schedule: Schedule.spaced("5 millis")
        })
      ),
    /** Waits until the database has ended all that a dead node had begun. */
    untilGone: (node: string) =>
      connectionsOf(node).pipe(
        Effect.repeat({ until: ({ length }) => length === 0, schedule: Schedule.spaced("10 millis") })
      ),
    readLog,
    verify,
    follow: Effect.provideContext(follow, observer)
  }
})

import { PgClient } from "@effect/sql-pg"
import { assert, it } from "@effect/vitest"
import { EventStore } from "@indelible/application/store/EventStore"
import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import * as Checkpoint from "@indelible/projections/engine/Checkpoint"
import { Freshness, NotYetFresh } from "@indelible/projections/engine/Freshness"
import { LockConnection, own } from "@indelible/projections/engine/Ownership"
import type { Projection } from "@indelible/projections/engine/Projection"
import { ProjectionProgress, type ProjectionState } from "@indelible/projections/engine/ProjectionProgress"
import { run } from "@indelible/projections/engine/Runner"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { Unread } from "@indelible/projections/unread/Unread"
import { unreadProjection } from "@indelible/projections/unread/UnreadProjection"
import { Deferred, Duration, Effect, Fiber, Layer, Option, Schedule, type Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient } from "effect/sql"
import type { PostgresServer } from "../../servers/PostgresServers.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { freshStream, meta, note, owner } from "../Notebook.ts"
import { quickWakeUp } from "./QuickWakeUp.ts"
import { catchUp, dump, layer, projections, rebuild } from "./ReadModelDatabase.ts"
import * as Talk from "./Talk.ts"

const lockConnection = Layer.effect(
  LockConnection,
  Effect.map(PgClient.PgClient, ({ config }) =>
    PgClient.makeClient({ url: config.url }).pipe(Effect.provide(Reactivity.layer))
  )
)

/** A database and a log for each test: they stop connections and halt projections. */
const withLog = (server: PostgresServer) =>
  Layer.mergeAll(lockConnection, quickWakeUp).pipe(Layer.provideMerge(layer(server)))

const owning = (wanted: ReadonlyArray<Projection<ConversationEvent>> = projections) =>
  own(
    wanted.map((projection) => ({
      name: projection.name,
      kind: "projection" as const,
      body: run(projection, "test")
    }))
  )

/** Waits until a projection is in a state, as this process sees it. */
const until = Effect.fn(function* (name: string, wanted: ProjectionState["_tag"]) {
  const progress = yield* ProjectionProgress
  while (true) {
    const state = (yield* progress.states).get(name)
    if (state?._tag === wanted) return state
    yield* Effect.sleep("5 millis")
  }
})

const untilReached = Effect.fn(function* (projection: string, token: PositionToken) {
  const slices = Object.keys(token).map(Number)
  while (true) {
    const positions = yield* Checkpoint.read(projection, slices)
    if (slices.every((slice) => (positions.get(slice) ?? 0) >= (token[slice] ?? 0))) return
    yield* Effect.sleep("5 millis")
  }
})

const pairOf = (name: string) =>
  Talk.pair(`runner ${name}`, Talk.person(`business ${name}`), Talk.person(`worker ${name}`))

for (const server of TestDatabase.oldestServer()) {
  const test = <E>(
    name: string,
    body: Effect.Effect<void, E, Scope.Scope | Layer.Success<ReturnType<typeof withLog>>>
  ) => it.live(`${name} (${server})`, () => Effect.provide(Effect.scoped(body), withLog(server)))

  test(
    "follows the log, and a query with the token of a command shows what the command did",
    Effect.gen(function* () {
      yield* Effect.forkScoped(owning())
      yield* Effect.forEach(projections, ({ name }) => until(name, "Running"))
      const [inbox, unread] = [yield* Inbox, yield* Unread]
      const pair = pairOf("follows")
      yield* Talk.start(pair)
      for (let sent = 1; sent <= 20; sent++) {
        const { token } = yield* Talk.say(pair, "worker", `number ${sent}`)
        const entry = Option.getOrThrow(yield* inbox.one(pair.business, pair.id, token))
        assert.deepStrictEqual([entry.messageCount, entry.unread], [sent, sent])
        assert.strictEqual(yield* unread.total(pair.business, token), sent)
      }
    })
  )

  test(
    "a query waits for tables that another process writes, and says so when they are late",
    Effect.gen(function* () {
      const freshness = yield* Freshness
      const { token } = yield* Talk.start(pairOf("elsewhere"))
      const wait = freshness.atLeast([unreadProjection.name], token)
      const [late, waited] = [yield* Effect.flip(wait), yield* Effect.timed(Effect.flip(wait))]
      assert.deepStrictEqual(late, new NotYetFresh({ projection: "unread" }))
      assert.isAtLeast(Duration.toMillis(waited[0]), 240)
      const waiting = yield* Effect.forkScoped(wait)
      yield* catchUp(unreadProjection)
      yield* Fiber.join(waiting)
    })
  )

  test(
    "a token that names no slice is refused without a wait",
    Effect.gen(function* () {
      const freshness = yield* Freshness
      for (const slice of ["256", "-1", "x", "1e1", "00", "__proto__", ""]) {
        const token = Object.fromEntries([[slice, 1]])
        const [waited, refused] = yield* Effect.timed(Effect.flip(freshness.atLeast(["inbox"], token)))
        assert.strictEqual(refused._tag, "NotYetFresh", slice)
        assert.isBelow(Duration.toMillis(waited), 200)
      }
      yield* freshness.atLeast(["inbox"], undefined)
      yield* freshness.atLeast(["inbox"], {})
    })
  )

  test(
    "an owner that rests goes on at once when a query waits for what is not there yet",
    Effect.gen(function* () {
      const freshness = yield* Freshness
      yield* Effect.forkScoped(owning([unreadProjection]))
      yield* until("unread", "Running")
      const pair = pairOf("waited for")
      const { token } = yield* Talk.start(pair)
      yield* Effect.timeout(untilReached("unread", token), "5 seconds")
      const waits: Array<number> = []
      for (let round = 0; round < 5; round++) {
        const { token: sent } = yield* Talk.say(pair, "business", `${round}`)
        const [waited] = yield* Effect.timed(freshness.atLeast(["unread"], sent))
        waits.push(Duration.toMillis(waited))
      }
      // Each came during the 100 ms of rest after the one before.
      assert.isBelow(Math.min(...waits), 60, `${waits}`)
    })
  )

  test(
    "one of two nodes owns a projection; the other takes over when it stops (F33, F37)",
    Effect.gen(function* () {
      const first = yield* Effect.forkScoped(owning([unreadProjection]))
      yield* until("unread", "Running")
      // The other node has a progress of its own.
      const other = yield* Layer.build(Layer.fresh(ProjectionProgress.layer))
      yield* Effect.forkScoped(Effect.provide(owning([unreadProjection]), other))
      yield* Effect.sleep("700 millis")
      const states = Effect.provide(
        Effect.flatMap(ProjectionProgress, (progress) => progress.states),
        other
      )
      assert.strictEqual((yield* states).get("unread"), undefined)
      yield* Fiber.interrupt(first)
      const [took] = yield* Effect.timed(Effect.provide(until("unread", "Running"), other))
      assert.isBelow(Duration.toMillis(took), 1_000)
      assert.deepStrictEqual(yield* (yield* ProjectionProgress).positions("unread"), null)
      const { token } = yield* Talk.start(pairOf("taken over"))
      yield* untilReached("unread", token)
    })
  )

  test(
    "an owner that was replaced stops by itself and has written nothing twice (F6, I7)",
    Effect.gen(function* () {
      const pair = pairOf("fenced")
      yield* Talk.start(pair)
      // Both think that they own it: no lock keeps them apart.
      const first = yield* Effect.forkScoped(run(unreadProjection, "test"))
      yield* until("unread", "Running")
      const other = yield* Layer.build(Layer.fresh(ProjectionProgress.layer))
      yield* Effect.forkScoped(Effect.provide(run(unreadProjection, "test"), other))
      yield* Effect.provide(until("unread", "Running"), other)
      const tokens = yield* Effect.forEach(["1", "2", "3"], (text) => Talk.say(pair, "worker", text))
      yield* Fiber.join(first)
      yield* Effect.forEach(tokens, ({ token }) => untilReached("unread", token))
      yield* rebuild(unreadProjection, "unread_again")
      assert.deepStrictEqual(yield* dump("unread_again"), yield* dump("unread"))
    })
  )

  test(
    "an owner that freezes in the middle of a page is cut off, and the page is the next owner's (F6, F34)",
    Effect.gen(function* () {
      const frozen = yield* Deferred.make<void>()
      const freezing: Projection<ConversationEvent> = {
        ...unreadProjection,
        fold: (events) => [
          ...unreadProjection.fold(events),
          {
            table: "conversation",
            keys: () => [],
            write: () => Effect.andThen(Deferred.succeed(frozen, undefined), Effect.never)
          }
        ]
      }
      const { token } = yield* Talk.start(pairOf("frozen"))
      yield* Effect.forkScoped(run(freezing, "test"))
      yield* Deferred.await(frozen)
      assert.deepStrictEqual(yield* dump("unread"), [])
      const other = yield* Layer.build(Layer.fresh(ProjectionProgress.layer))
      yield* Effect.forkScoped(Effect.provide(run(unreadProjection, "test"), other))
      const [took] = yield* Effect.timed(untilReached("unread", token))
      assert.isBelow(Duration.toMillis(took), 4_000)
      assert.strictEqual((yield* dump("unread")).length, 2)
    })
  )

  test(
    "events of other streams move the checkpoint all the same",
    Effect.gen(function* () {
      yield* Effect.forkScoped(owning([unreadProjection]))
      const store = yield* EventStore
      const { token } = yield* store.execute(note, freshStream(), { owner, text: "a" }, meta())
      yield* untilReached("unread", token)
      assert.deepStrictEqual(yield* dump("unread"), [])
    })
  )

  test(
    "tables made for another version follow the log and are named as needing a rebuild",
    Effect.gen(function* () {
      const { token } = yield* Talk.start(pairOf("another version"))
      const expected = unreadProjection.version + 1
      const newer = yield* Effect.forkScoped(owning([{ ...unreadProjection, version: expected }]))
      yield* untilReached("unread", token)
      assert.deepStrictEqual(yield* until("unread", "NeedsRebuild"), {
        _tag: "NeedsRebuild",
        built: unreadProjection.version,
        expected
      })
      yield* Fiber.interrupt(newer)
      yield* Effect.forkScoped(owning([unreadProjection]))
      yield* until("unread", "Running")
    })
  )

  test(
    "tables that a newer program made are left alone by an older one, until it is theirs to write",
    Effect.gen(function* () {
      const older = yield* Effect.forkScoped(
        owning([{ ...unreadProjection, version: unreadProjection.version - 1 }])
      )
      const state = yield* until("unread", "Halted")
      assert.include(state._tag === "Halted" ? state.error : "", "by a newer program")
      const { token } = yield* Talk.start(pairOf("newer tables"))
      yield* Effect.sleep("300 millis")
      assert.deepStrictEqual(yield* dump("unread"), [])
      yield* Fiber.interrupt(older)
      yield* Effect.forkScoped(owning([unreadProjection]))
      yield* untilReached("unread", token)
    })
  )

  test(
    "tables that were never made halt it",
    Effect.gen(function* () {
      yield* Effect.forkScoped(run({ ...unreadProjection, name: "unborn" }, "test"))
      assert.deepStrictEqual(yield* until("unborn", "Halted"), {
        _tag: "Halted",
        error: "unborn has 0 checkpoint rows instead of 256; run the migrations"
      })
    })
  )

  test(
    "goes on by itself after every connection was cut (F8)",
    Effect.gen(function* () {
      yield* Effect.forkScoped(owning())
      const pair = pairOf("cut")
      yield* Talk.start(pair)
      yield* Effect.forEach(projections, ({ name }) => until(name, "Running"))
      const sql = yield* SqlClient.SqlClient
      for (let i = 0; i < 3; i++) {
        yield* Talk.say(pair, "worker", `before cut ${i}`)
        yield* sql`
          SELECT pg_terminate_backend(pid)
          FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()`
        yield* Effect.sleep("300 millis")
      }
      const { token } = yield* Talk.say(pair, "worker", "after")
      yield* Effect.forEach(projections, ({ name }) =>
        Effect.retry(untilReached(name, token), Schedule.spaced("50 millis"))
      )
      for (const projection of projections) {
        yield* rebuild(projection, `${projection.name}_again`)
        assert.deepStrictEqual(yield* dump(`${projection.name}_again`), yield* dump(projection.name))
      }
    })
  )
}

import { assert, it } from "@effect/vitest"
import type { BuildStage } from "@indelible/projections/engine/build/Build"
import * as BuildJobs from "@indelible/projections/engine/build/BuildJobs"
import { own } from "@indelible/projections/engine/Ownership"
import { formerOf, shadowOf } from "@indelible/projections/engine/Sets"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import { Deferred, Effect, Fiber, type Layer, type Scope } from "effect"
import { SqlClient } from "effect/sql"
import {
  buildingOf,
  ended,
  eventsOfATalk,
  keepingOf,
  layer,
  nodeOf,
  nothing,
  reachOf,
  remainsOf,
  request,
  talkOf,
  untilBuild,
  watched
} from "../../contract/projections/BuildNode.ts"
import { catchUpAll, dump } from "../../contract/projections/ReadModelDatabase.ts"
import * as Talk from "../../contract/projections/Talk.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"

const shadow = shadowOf("history")

for (const server of TestDatabase.oneServer()) {
  const test = <E>(
    name: string,
    body: Effect.Effect<void, E, Scope.Scope | Layer.Success<ReturnType<typeof layer>>>
  ) => it.live(`${name} (${server})`, () => Effect.provide(Effect.scoped(body), layer(server)))

  /** Brings a rebuild of history to a stage and keeps it there until `go`. */
  const heldIn = Effect.fnUntraced(function* (stage: BuildStage) {
    const sql = yield* SqlClient.SqlClient
    const go = yield* Deferred.make<void>()
    let pages = 0
    const projection = watched(historyProjection, {
      write: (set) =>
        Effect.suspend(() => {
          if (set !== shadow || stage !== "folding") return Effect.void
          pages += 1
          return pages > 4 ? Deferred.await(go) : Effect.void
        }),
      index: (set) => (set === shadow && stage === "indexing" ? Deferred.await(go) : Effect.void)
    })
    // Whoever holds the live tables, or the live checkpoint, keeps a comparison, or a switch, from ending.
    const held = yield* Deferred.make<void>()
    const hold =
      stage === "comparing"
        ? sql`LOCK TABLE history.message IN ACCESS EXCLUSIVE MODE`
        : sql`SELECT FROM projection_checkpoint WHERE projection = 'history' FOR UPDATE`
    const holds = stage === "comparing" || stage === "switching"
    if (holds) {
      yield* Effect.forkScoped(
        sql.withTransaction(
          Effect.andThen(hold, Effect.andThen(Deferred.succeed(held, undefined), Deferred.await(go)))
        )
      )
      yield* Deferred.await(held)
    }
    yield* request("rebuild")
    const building = yield* Effect.forkScoped(own([buildingOf(projection)]))
    const build = yield* untilBuild("history", (seen) => seen.state === "running" && seen.stage === stage)
    // Fully there: the page before the one that is held is written, the statement that waits is sent.
    if (stage === "folding") while (pages < 5) yield* Effect.sleep("5 millis")
    /** The one that works on it has no transaction open any more: it has noticed, and let go. */
    const letGo = Effect.gen(function* () {
      while (true) {
        const [open] = yield* sql<{ open: number }>`
          SELECT count(*)::int AS open FROM pg_stat_activity
          WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()`
        if (open?.open === (holds ? 1 : 0)) return
        yield* Effect.sleep("10 millis")
      }
    })
    return { build, go: Deferred.succeed(go, undefined), building, letGo }
  })

  for (const stage of ["folding", "indexing", "comparing", "switching"] as const) {
    test(
      `paused while ${stage}, it does nothing until it is resumed, then goes on from its checkpoint`,
      Effect.gen(function* () {
        const pairs = yield* talkOf(60)
        yield* catchUpAll
        const live = yield* dump("history")
        const { building, go, letGo } = yield* heldIn(stage)
        const paused = yield* BuildJobs.change("history", "pause")
        assert.strictEqual(paused.state, "paused")
        yield* letGo
        yield* go
        const reached = (yield* reachOf(shadow)) ?? -1
        const total = pairs.length * eventsOfATalk
        if (stage === "folding") assert.isBelow(reached, total)
        else assert.strictEqual(reached, total)
        const [pair] = pairs
        if (pair === undefined) return assert.fail("no pair")
        yield* Talk.say(pair, "worker", "while it is paused")
        yield* catchUpAll
        // Longer than a builder goes without looking for work.
        yield* Effect.sleep("1200 millis")
        assert.strictEqual(yield* reachOf(shadow), reached)
        assert.strictEqual((yield* untilBuild("history", () => true)).state, "paused")
        assert.deepStrictEqual(
          (yield* dump("history")).filter((row) => live.includes(row)).length,
          live.length - 1 // the standing of the conversation that went on
        )
        yield* Fiber.interrupt(building)

        let folded = 0
        const counting = watched(historyProjection, {
          write: (set, events) =>
            Effect.sync(() => {
              if (set === shadow) folded += events
            })
        })
        yield* Effect.forkScoped(nodeOf([counting]))
        assert.strictEqual((yield* BuildJobs.change("history", "resume")).state, "waiting")
        const done = yield* ended("history")
        assert.deepStrictEqual([done.state, done.message, done.comparison?.equal], ["done", null, true])
        assert.strictEqual(folded, total + 1 - reached)
        assert.deepStrictEqual([done.events, done.expected], [total + 1, total + 1])
        assert.strictEqual(yield* reachOf("history"), total + 1)
        assert.deepStrictEqual(yield* dump(formerOf("history")), yield* dump("history"))
      })
    )

    test(
      `cancelled while ${stage}, it leaves nothing behind and the live view as it was`,
      Effect.gen(function* () {
        yield* talkOf(60)
        yield* catchUpAll
        const live = yield* dump("history")
        const { build, go } = yield* heldIn(stage)
        // As if it had left one out.
        const sql = yield* SqlClient.SqlClient
        yield* sql`
          INSERT INTO projection_parked
          VALUES (${shadow}, 'conversation-x', 0, 1, 'TextSent', 1, 'x', 1, now(), now(), 'x')`
        assert.strictEqual((yield* BuildJobs.change("history", "cancel")).state, "cancelling")
        yield* go
        const cancelled = yield* ended("history")
        assert.deepStrictEqual(
          [cancelled.id, cancelled.state, cancelled.message, cancelled.keptUntil],
          [build.id, "cancelled", null, null]
        )
        assert.isNotNull(cancelled.endedAt)
        assert.deepStrictEqual(yield* remainsOf(shadow), nothing)
        assert.deepStrictEqual(yield* dump("history"), live)
        for (const wanted of ["pause", "resume", "cancel"] as const) {
          assert.strictEqual((yield* Effect.flip(BuildJobs.change("history", wanted)))._tag, "NoSuchBuild")
        }
        // And the next one is not hindered.
        yield* Effect.forkScoped(own([keepingOf(historyProjection)]))
        yield* request("rebuild")
        assert.deepStrictEqual((yield* ended("history")).comparison?.equal, true)
      })
    )
  }
}

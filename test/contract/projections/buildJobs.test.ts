import { assert, it } from "@effect/vitest"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import { switchTo } from "@indelible/projections/engine/build/Switch"
import * as Checkpoint from "@indelible/projections/engine/Checkpoint"
import { claim } from "@indelible/projections/engine/Claim"
import { own } from "@indelible/projections/engine/Ownership"
import * as Parked from "@indelible/projections/engine/Parked"
import type { Projection } from "@indelible/projections/engine/Projection"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { formerOf, shadowOf } from "@indelible/projections/engine/Sets"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { inboxProjection } from "@indelible/projections/inbox/InboxProjection"
import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { Unread } from "@indelible/projections/unread/Unread"
import { unreadProjection } from "@indelible/projections/unread/UnreadProjection"
import { unreadTable } from "@indelible/projections/unread/UnreadTables"
import type { Layer } from "effect"
import { Clock, Deferred, Effect, Exit, Fiber, Option, type Scope } from "effect"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import {
  buildingOf,
  ended,
  equalsRebuild,
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
} from "./BuildNode.ts"
import { catchUp, catchUpAll, dump } from "./ReadModelDatabase.ts"
import { stoppedAt } from "./StoppedClock.ts"
import * as Talk from "./Talk.ts"

const shadow = shadowOf("history")

for (const server of TestDatabase.oneServer()) {
  const test = <E>(
    name: string,
    body: Effect.Effect<void, E, Scope.Scope | Layer.Success<ReturnType<typeof layer>>>
  ) => it.live(`${name} (${server})`, () => Effect.provide(Effect.scoped(body), layer(server)))

  test(
    "of two who ask at the same instant one gets a build and the other learns of it (F36)",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const operations = yield* ProjectionOperations
      for (let round = 0; round < 20; round++) {
        const asked = yield* Effect.forEach(
          ["rebuild", "verify"] as const,
          (kind) => Effect.exit(operations.start({ projection: "unread", kind, by: kind })),
          { concurrency: "unbounded" }
        )
        const won = asked.filter(Exit.isSuccess)
        assert.strictEqual(won.length, 1)
        const refused = Option.getOrThrow(
          Option.flatMap(Option.fromUndefinedOr(asked.find(Exit.isFailure)), Exit.findErrorOption)
        )
        assert.strictEqual(refused._tag, "BuildInProgress")
        if (refused._tag !== "BuildInProgress") return
        assert.deepStrictEqual([refused.kind, refused.state], [won[0]?.value.kind, "waiting"])
        // Nothing ends it here, so that the next two can ask.
        yield* sql`UPDATE projection_build SET state = 'done'`
      }
      const rows = yield* sql<{ builds: number }>`SELECT count(*)::int AS builds FROM projection_build`
      assert.strictEqual(rows[0]?.builds, 20)
    })
  )

  test(
    "cut off at any page, by the end of its process, it goes on and ends equal (F34, F36)",
    Effect.gen(function* () {
      const pairs = yield* talkOf(100)
      yield* Effect.forkScoped(own([keepingOf(historyProjection)]))
      for (const kind of ["rebuild", "verify"] as const) {
        yield* request(kind)
        let committed = 0
        let attempts = 0
        while ((yield* untilBuild("history", () => true)).endedAt === null) {
          attempts += 1
          assert.isBelow(attempts, 40)
          const cut = yield* Deferred.make<void>()
          let pages = 0
          // Two pages and it is cut off, in the middle of the third.
          const mortal = watched(historyProjection, {
            write: (set) =>
              Effect.suspend(() => {
                if (set !== shadow) return Effect.void
                pages += 1
                return pages > 2
                  ? Effect.andThen(Deferred.succeed(cut, undefined), Effect.never)
                  : Effect.void
              })
          })
          const node = yield* Effect.forkScoped(own([buildingOf(mortal)]))
          yield* Effect.raceFirst(Deferred.await(cut), ended("history"))
          yield* Fiber.interrupt(node)
          const reached = yield* reachOf(shadow)
          if (reached === null) continue
          assert.isAtLeast(reached, committed)
          committed = reached
        }
        assert.isAbove(attempts, 3)
        const done = yield* ended("history")
        assert.deepStrictEqual([done.state, done.comparison?.equal], ["done", true])
        assert.strictEqual(yield* reachOf("history"), pairs.length * eventsOfATalk)
      }
    })
  )

  test(
    "a build that cannot be done says why, and leaves the live view alone",
    Effect.gen(function* () {
      const pairs = yield* talkOf(3)
      yield* catchUpAll
      const live = yield* dump("history")
      const [pair] = pairs
      const broken = {
        ...historyProjection,
        fold: (events: Parameters<typeof historyProjection.fold>[0]) => {
          if (events.length > 0) throw new TypeError("of no use")
          return historyProjection.fold(events)
        }
      }
      const building = yield* Effect.forkScoped(own([buildingOf(broken)]))
      yield* request("rebuild")
      const less = yield* ended("history")
      assert.strictEqual(less.state, "failed")
      assert.match(
        less.message ?? "",
        /^3 streams that the live tables follow cannot be folded now \(conversation-.*\), so the live tables stay$/
      )
      assert.include(less.message ?? "", pair?.id ?? "no pair")
      yield* Fiber.interrupt(building)

      const unmakable = watched(historyProjection, {
        index: (set) => Effect.die(new TypeError(`no index for ${set}`))
      })
      const indexing = yield* Effect.forkScoped(own([buildingOf(unmakable)]))
      yield* request("rebuild")
      const threw = yield* ended("history")
      assert.deepStrictEqual([threw.state, threw.message], ["failed", "the fold threw TypeError"])
      yield* Fiber.interrupt(indexing)

      yield* Effect.forkScoped(own([buildingOf(historyProjection)]))
      yield* request("rollback")
      const none = yield* ended("history")
      assert.strictEqual(none.state, "failed")
      assert.match(none.message ?? "", /^there are no tables history_before/)

      assert.deepStrictEqual(yield* remainsOf(shadow), nothing)
      assert.deepStrictEqual(yield* dump("history"), live)
    })
  )

  test(
    "a verification that is cut off while it removes its tables is not done, and leaves none behind",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* talkOf(3)
      yield* catchUpAll
      const [folded, looked, go] = [
        yield* Deferred.make<void>(),
        yield* Deferred.make<void>(),
        yield* Deferred.make<void>()
      ]
      const waiting = watched(historyProjection, {
        index: () => Effect.andThen(Deferred.succeed(folded, undefined), Deferred.await(looked))
      })
      // Somebody looks into the new tables, so they cannot go.
      yield* Effect.forkScoped(
        sql.withTransaction(
          Deferred.await(folded).pipe(
            Effect.andThen(sql`SELECT FROM history_next.message`),
            Effect.andThen(Deferred.succeed(looked, undefined)),
            Effect.andThen(Deferred.await(go))
          )
        )
      )
      const node = yield* Effect.forkScoped(nodeOf([waiting]))
      yield* request("verify")
      yield* untilBuild("history", ({ comparison }) => comparison !== null)
      while (
        (yield* sql`
          SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%DROP SCHEMA%'`)
          .length === 0
      ) {
        yield* Effect.sleep("5 millis")
      }
      assert.strictEqual((yield* untilBuild("history", () => true)).state, "running")
      yield* Fiber.interrupt(node)
      yield* Deferred.succeed(go, undefined)
      yield* Effect.forkScoped(nodeOf([historyProjection]))
      assert.deepStrictEqual((yield* ended("history")).comparison?.equal, true)
      assert.deepStrictEqual(yield* remainsOf(shadow), nothing)
    })
  )

  test(
    "one that was replaced in the last moment switches nothing, and leaves what its successor has kept (F6)",
    Effect.gen(function* () {
      yield* talkOf(3)
      yield* catchUpAll
      const building = yield* Effect.forkScoped(own([buildingOf(unreadProjection)]))
      yield* request("rebuild", "unread")
      yield* ended("unread")
      const kept = yield* remainsOf(formerOf("unread"))
      yield* Fiber.interrupt(building)

      // Another rebuild, of which two think that they make it.
      const build = yield* request("rebuild", "unread")
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE projection_build SET state = 'running' WHERE id = ${build.id}`
      yield* unreadProjection.createTables(shadowOf("unread"))
      yield* Checkpoint.create(shadowOf("unread"), unreadProjection.version)
      yield* catchUp(unreadProjection, shadowOf("unread"))
      const stale = yield* claim(shadowOf("unread"))
      const current = yield* claim(shadowOf("unread"))
      assert.strictEqual((yield* Effect.flip(switchTo(unreadProjection, stale, build)))._tag, "Fenced")
      assert.deepStrictEqual(yield* remainsOf(formerOf("unread")), kept)
      yield* switchTo(unreadProjection, current, build)
      assert.strictEqual((yield* ended("unread")).state, "done")
      assert.strictEqual((yield* Effect.flip(switchTo(unreadProjection, current, build)))._tag, "Fenced")
      assert.deepStrictEqual(yield* remainsOf(formerOf("unread")), kept)
    })
  )

  test(
    "a program of another version that takes a build up begins anew, and its owner no longer needs a rebuild",
    Effect.gen(function* () {
      const pairs = yield* talkOf(20)
      const sql = yield* SqlClient.SqlClient
      const live = yield* Effect.forkScoped(own([keepingOf(unreadProjection)]))
      const cut = yield* Deferred.make<void>()
      const older = yield* Effect.forkScoped(
        own([
          buildingOf(
            watched(unreadProjection, {
              index: () => Effect.andThen(Deferred.succeed(cut, undefined), Effect.never)
            })
          )
        ])
      )
      yield* request("rebuild", "unread")
      yield* Deferred.await(cut)
      yield* Fiber.interrupt(older)
      yield* Fiber.interrupt(live)

      // Says something else, in one column more.
      const table = {
        ...unreadTable,
        columns: { ...unreadTable.columns, doubled: { type: "integer" as const } }
      }
      const newer: Projection<ConversationEvent> = {
        ...unreadProjection,
        version: unreadProjection.version + 1,
        tables: [table],
        createTables: (set) =>
          Effect.andThen(
            unreadProjection.createTables(set),
            sql`ALTER TABLE ${sql(`${set}.conversation`)} ADD doubled integer NOT NULL DEFAULT 0`
          ),
        fold: (events) => [
          ...unreadProjection.fold(events),
          {
            table: table.name,
            keys: () => [],
            write: (set) =>
              sql`UPDATE ${sql(`${set}.conversation`)} SET doubled = 2 * unread WHERE doubled <> 2 * unread`
          }
        ]
      }
      const progress = yield* ProjectionProgress
      yield* Effect.forkScoped(own([keepingOf(newer)]))
      while ((yield* progress.states).get("unread")?._tag !== "NeedsRebuild") yield* Effect.sleep("10 millis")
      yield* Effect.forkScoped(own([buildingOf(newer)]))
      const done = yield* ended("unread")
      assert.deepStrictEqual([done.state, done.comparison], ["done", null])
      assert.include(done.message, "so they were not compared")
      while ((yield* progress.states).get("unread")?._tag !== "Running") yield* Effect.sleep("10 millis")
      assert.strictEqual(yield* Checkpoint.versionOf("unread"), newer.version)
      const [pair] = pairs
      if (pair === undefined) return assert.fail("no pair")
      yield* Talk.say(pair, "worker", "and on")
      const unread = yield* Unread
      while ((yield* unread.total(pair.business)) < 1) yield* Effect.sleep("10 millis")
      const rows = yield* sql<{ wrong: number; all: number }>`
        SELECT count(*)::int AS all, count(*) FILTER (WHERE doubled <> 2 * unread)::int AS wrong
        FROM unread.conversation`
      assert.deepStrictEqual(rows[0], { all: 40, wrong: 0 })
      yield* equalsRebuild("unread")
    })
  )

  test(
    "readers whose connections have read the tables before read those with one column more as well",
    Effect.gen(function* () {
      yield* talkOf(3)
      yield* catchUpAll
      const sql = yield* SqlClient.SqlClient
      const inbox = yield* Inbox
      const list = inbox.list({ subject: Talk.person("b"), view: "active", limit: 10 })
      // On all connections of the pool, several times.
      const looks = Effect.forEach(Array.from({ length: 40 }), () => list, { concurrency: 8 })
      const before = yield* looks
      assert.strictEqual(before[0]?.entries.length, 3)
      const newer: Projection<ConversationEvent> = {
        ...inboxProjection,
        version: inboxProjection.version + 1,
        createTables: (set) =>
          Effect.andThen(
            inboxProjection.createTables(set),
            sql`ALTER TABLE ${sql(`${set}.conversation`)} ADD extra integer NOT NULL DEFAULT 0`
          )
      }
      yield* Effect.forkScoped(nodeOf([newer]))
      yield* request("rebuild", "inbox")
      assert.strictEqual((yield* ended("inbox")).state, "done")
      assert.deepStrictEqual(yield* looks, before)
    })
  )

  test(
    "former tables are removed when their time is over, and not before",
    Effect.gen(function* () {
      yield* talkOf(3)
      yield* Effect.forkScoped(own([keepingOf(unreadProjection)]))
      const building = yield* Effect.forkScoped(own([buildingOf(unreadProjection)]))
      yield* request("rebuild", "unread")
      const { endedAt, keptUntil } = yield* ended("unread")
      if (endedAt === null || keptUntil === null) return assert.fail("not kept")
      assert.strictEqual(keptUntil.getTime() - endedAt.getTime(), 24 * 3_600_000)
      yield* Fiber.interrupt(building)

      const real = yield* Clock.Clock
      const at = (millis: number) =>
        Effect.forkScoped(
          Effect.provideService(own([buildingOf(unreadProjection)]), Clock.Clock, stoppedAt(real, millis))
        )
      const early = yield* at(keptUntil.getTime() - 1)
      yield* Effect.sleep("1200 millis")
      assert.deepStrictEqual(yield* remainsOf(formerOf("unread")), {
        schemas: 1,
        checkpoints: 256,
        parked: 0
      })
      yield* Fiber.interrupt(early)
      yield* at(keptUntil.getTime() + 1)
      assert.strictEqual((yield* untilBuild("unread", (build) => build.keptUntil === null)).state, "done")
      assert.deepStrictEqual(yield* remainsOf(formerOf("unread")), nothing)
      yield* equalsRebuild("unread")
      assert.deepStrictEqual(yield* remainsOf(shadowOf("unread")), nothing)
    })
  )

  test(
    "an older program neither replaces nor verifies what a newer one made",
    Effect.gen(function* () {
      yield* talkOf(2)
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE projection_checkpoint SET version = 77 WHERE projection = 'unread'`
      yield* Effect.forkScoped(own([buildingOf(unreadProjection)]))
      for (const kind of ["rebuild", "verify"] as const) {
        yield* request(kind, "unread")
        const { message, state } = yield* ended("unread")
        assert.strictEqual(state, "failed")
        assert.include(message, "made for version 77")
        assert.strictEqual(yield* Checkpoint.versionOf("unread"), 77)
        assert.deepStrictEqual(yield* remainsOf(shadowOf("unread")), nothing)
      }
    })
  )

  test(
    "a roll-back is refused when there is nothing to go back to, or what there is was made for another version",
    Effect.gen(function* () {
      const operations = yield* ProjectionOperations
      const sql = yield* SqlClient.SqlClient
      const start = Effect.flip(operations.start({ projection: "inbox", kind: "rollback", by: "ada" }))
      assert.include((yield* start).message, "no tables of before the last switch are kept")
      yield* talkOf(2)
      yield* Effect.forkScoped(nodeOf([inboxProjection]))
      yield* request("rebuild", "inbox")
      assert.strictEqual((yield* ended("inbox")).state, "done")
      yield* sql`UPDATE projection_checkpoint SET version = 77 WHERE projection = 'inbox_before'`
      const refused = yield* start
      assert.strictEqual(refused._tag, "NothingToRollBackTo")
      assert.include(refused.message, "made for version 77")
      // Nothing was asked for.
      assert.strictEqual((yield* untilBuild("inbox", () => true)).kind, "rebuild")
    })
  )

  test(
    "what was parked before stays parked after a switch, and a rebuild by the mended program sets it free (F35)",
    Effect.gen(function* () {
      const pairs = yield* talkOf(4)
      const [sick] = pairs
      if (sick === undefined) return assert.fail("no pair")
      yield* Talk.say(sick, "worker", "secret")
      yield* Talk.say(sick, "worker", "after it")
      let mended = false
      const mendable = {
        ...historyProjection,
        fold: (events: Parameters<typeof historyProjection.fold>[0]) => {
          const isSick = events.some(
            ({ event }) => event.type === "TextSent" && event.body?.text === "secret"
          )
          if (isSick && !mended) throw new TypeError("secret")
          return historyProjection.fold(events)
        }
      }
      yield* catchUp(mendable)
      yield* Effect.forkScoped(nodeOf([mendable]))
      yield* request("rebuild")
      const done = yield* ended("history")
      const stream = `conversation-${sick.id}`
      assert.deepStrictEqual(
        [done.state, done.comparison?.equal, done.comparison?.parked],
        ["done", true, [stream]]
      )
      assert.deepStrictEqual(
        (yield* Parked.list("history")).map(({ streamId, streamPos }) => [streamId, streamPos]),
        [[stream, 5]]
      )
      mended = true
      yield* request("rebuild")
      assert.strictEqual((yield* ended("history")).state, "done")
      assert.deepStrictEqual(yield* Parked.list("history"), [])
      yield* equalsRebuild("history")
    })
  )
}

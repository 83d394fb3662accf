import { PgClient } from "@effect/sql-pg"
import { assert, it } from "@effect/vitest"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventLog from "@indelible/infrastructure/postgres/log/PgEventLog"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import { claim } from "@indelible/projections/engine/Claim"
import * as Halt from "@indelible/projections/engine/Halt"
import type { Projection } from "@indelible/projections/engine/Projection"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { run } from "@indelible/projections/engine/Runner"
import { projectionMigrations } from "@indelible/projections/migrations"
import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { unreadProjection } from "@indelible/projections/unread/UnreadProjection"
import { Deferred, Effect, Fiber, Layer, type Scope } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import type { PostgresServer } from "../../servers/PostgresServers.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { layer, watched } from "./BuildNode.ts"
import { quickly } from "./QuickClock.ts"
import { quickWakeUp } from "./QuickWakeUp.ts"
import * as Talk from "./Talk.ts"

/** An owner of a node of this name. It tries again ten times as often. */
const owner = (node: string, projection: Projection<ConversationEvent> = unreadProjection) =>
  Effect.forkScoped(quickly(10, run(projection, node)))

/** What anyone is told of the projection, who asks no owner. */
const told = Effect.flatMap(ProjectionOperations, ({ status }) =>
  Effect.map(status("unread"), ({ halted }) => halted)
)

const untilHalted = Effect.fn(function* (node: string) {
  while (true) {
    const halted = yield* told
    if (halted?.node === node) return halted
    yield* Effect.sleep("10 millis")
  }
})
const untilGoing = Effect.gen(function* () {
  while ((yield* told) !== null) yield* Effect.sleep("10 millis")
})

/** From here on no page with events can be written, whoever writes it. */
const broken = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const pair = Talk.pair("halted", Talk.person("business"), Talk.person("worker"))
  yield* Talk.start(pair)
  yield* Talk.say(pair, "worker", "nobody can count it")
  yield* sql`ALTER TABLE unread.conversation RENAME COLUMN unread TO elsewhere`
  return sql`ALTER TABLE unread.conversation RENAME COLUMN elsewhere TO unread`
})

/** Which version of the row it is, if there is one: another one after every write. */
const row = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql<{ readonly version: string }>`SELECT xmin::text AS version FROM projection_halt`
)

/** Projections of a log that is in Postgres, as one in memory has no holes. */
const onPostgres = (server: PostgresServer) =>
  Layer.unwrap(
    Effect.map(TestDatabase.make(server), (url) =>
      ProjectionOperations.layer.pipe(
        Layer.provideMerge(Layer.mergeAll(ProjectionProgress.layer, PgEventLog.layer, quickWakeUp)),
        Layer.provideMerge(PgEventStore.layer({ url, node: "test" })),
        Layer.provideMerge(EnvelopeOpener.layer),
        Layer.provideMerge(MemoryKeyVault.layer),
        Layer.provideMerge(Layer.effectDiscard(migrate({ ...eventLogMigrations, ...projectionMigrations }))),
        Layer.provideMerge(PgClient.layer({ url, maxConnections: 8 })),
        Layer.provide(SecureRandom.layerWebCrypto)
      )
    )
  )

/** Loses an event as only whoever may do anything with the database can. */
const lose = Effect.fn(function* ({
  slice,
  slicePos
}: {
  readonly slice: number
  readonly slicePos: number
}) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE event DISABLE TRIGGER never_changed`
  yield* sql`DELETE FROM event WHERE slice = ${slice} AND slice_pos = ${slicePos}`
  yield* sql`ALTER TABLE event ENABLE ALWAYS TRIGGER never_changed`
})

for (const server of TestDatabase.whichServers()) {
  const test = <E>(
    name: string,
    body: Effect.Effect<void, E, Scope.Scope | Layer.Success<ReturnType<typeof layer>>>
  ) => it.live(`${name} (${server})`, () => Effect.provide(Effect.scoped(body), layer(server)))

  test(
    "that a projection is halted is told to whoever asks, once, until it was mended (F35)",
    Effect.gen(function* () {
      const mend = yield* broken
      let tries = 0
      const counted = watched(unreadProjection, {
        write: () =>
          Effect.sync(() => {
            tries += 1
          })
      })
      const before = Date.now()
      yield* owner("one", counted)
      const halted = yield* untilHalted("one")
      assert.strictEqual(halted.error, "SqlError SqlSyntaxError 42703")
      assert.isTrue(halted.since.getTime() >= before && halted.since.getTime() <= Date.now())
      const [written, triedBefore] = [yield* row, tries]
      assert.lengthOf(written, 1)
      while (tries < triedBefore + 3) yield* Effect.sleep("10 millis")
      assert.deepStrictEqual(yield* row, written)
      yield* mend
      yield* untilGoing
      assert.lengthOf(yield* row, 0)
    })
  )

  test(
    "the next owner takes it over: since when it stands still, and that it no longer does (F33)",
    Effect.gen(function* () {
      const mend = yield* broken
      const first = yield* owner("one")
      const halted = yield* untilHalted("one")
      yield* Fiber.interrupt(first)
      assert.deepStrictEqual(yield* told, halted)
      const second = yield* owner("two")
      const taken = yield* untilHalted("two")
      assert.deepStrictEqual(taken.since, halted.since)
      yield* mend
      yield* owner("three")
      yield* untilGoing
      yield* Fiber.join(second)
      assert.isNull(yield* told)
    })
  )

  test(
    "an owner that was replaced is not heard (F6)",
    Effect.gen(function* () {
      const [replaced, current] = [yield* claim("unread"), yield* claim("unread")]
      const [late, now] = [Halt.teller("unread", "late"), Halt.teller("unread", "now")]
      const errorTold = Effect.map(told, (halted) => halted?.error)
      yield* late.halted(replaced.epoch, "an error of before")
      assert.isNull(yield* told)
      yield* now.halted(current.epoch, "the error")
      yield* late.halted(replaced.epoch, "another error of before")
      assert.strictEqual(yield* errorTold, "the error")
      yield* late.folding(replaced.epoch)
      assert.strictEqual(yield* errorTold, "the error")
      yield* now.folding(current.epoch)
      assert.isNull(yield* told)
    })
  )

  test(
    "goes on when the connection is lost over which it tells that it is halted (F8)",
    Effect.gen(function* () {
      const mend = yield* broken
      const sql = yield* SqlClient.SqlClient
      const [held, cut] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const holding = Effect.gen(function* () {
        yield* sql`LOCK TABLE projection_halt IN SHARE MODE`
        yield* Deferred.succeed(held, undefined)
        yield* Deferred.await(cut)
      })
      yield* Effect.forkScoped(sql.withTransaction(holding))
      yield* Deferred.await(held)
      const running = yield* owner("one")
      const terminated = sql`
        SELECT pg_terminate_backend(pid)
        FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO projection_halt%'`
      while ((yield* terminated).length === 0) yield* Effect.sleep("10 millis")
      assert.isNull(yield* told)
      yield* Deferred.succeed(cut, undefined)
      yield* untilHalted("one")
      yield* mend
      yield* untilGoing
      assert.isUndefined(running.pollUnsafe())
    })
  )

  test(
    "tables that are not there, or that a newer program has made, are told as well",
    Effect.gen(function* () {
      yield* owner("one", { ...unreadProjection, name: "unborn" })
      let unborn: Halt.Halt | null = null
      while (unborn === null) unborn = yield* Halt.current("unborn")
      assert.strictEqual(unborn.error, "unborn has 0 checkpoint rows instead of 256; run the migrations")
      yield* owner("older", { ...unreadProjection, version: unreadProjection.version - 1 })
      assert.include((yield* untilHalted("older")).error, "by a newer program")
      yield* owner("newer")
      yield* untilGoing
    })
  )

  it.live(`a log with a hole halts a projection, and its status is told all the same (F35) (${server})`, () =>
    Effect.gen(function* () {
      const pair = Talk.pair("lost", Talk.person("business"), Talk.person("worker"))
      const before = Date.now()
      yield* Talk.start(pair)
      const [said] = (yield* Talk.say(pair, "worker", "what came before is lost")).events
      const { slice = 0, header } = said?.stored ?? {}
      yield* lose({ slice, slicePos: 1 })
      yield* owner("one")
      const halted = yield* untilHalted("one")
      assert.strictEqual(halted.error, `slice ${slice}: position 1 is missing, the next is 2`)
      const operations = yield* ProjectionOperations
      const asked = Date.now()
      const all = yield* operations.list
      const unread = all.find(({ name }) => name === "unread")
      assert.deepInclude(unread, { halted, events: 0, expected: 2 })
      // Of the oldest event that the log still has.
      const recorded = Date.parse(header?.recordedAt ?? "")
      assert.isAtLeast(recorded, before)
      for (const { lagSeconds } of all) {
        assert.isAtLeast(lagSeconds, (asked - recorded) / 1_000)
        assert.isAtMost(lagSeconds, (Date.now() - recorded) / 1_000)
      }
    }).pipe(Effect.scoped, Effect.provide(onPostgres(server)))
  )

  test(
    "an owner that cannot begin is halted until somebody else has, who may be an older program (F35)",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`ALTER TABLE projection_parked RENAME COLUMN stream_id TO elsewhere`
      const stuck = yield* owner("stuck")
      const halted = yield* untilHalted("stuck")
      assert.strictEqual(halted.error, "SqlError SqlSyntaxError 42703")
      yield* Fiber.interrupt(stuck)
      yield* sql`ALTER TABLE projection_parked RENAME COLUMN elsewhere TO stream_id`
      // As one does that knows nothing of halts.
      yield* claim("unread")
      assert.isNull(yield* told)
    })
  )

  test(
    "since when is kept as long as nobody can have folded in between (F33)",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const long = new Date("2026-01-01T00:00:00Z")
      const sinceOf = (node: string, epoch: number | null) =>
        Effect.andThen(
          Halt.teller("unread", node).halted(epoch, "the error"),
          Effect.map(told, (halted) => [halted?.node, halted?.since.getTime() === long.getTime()])
        )
      yield* sinceOf("one", null)
      yield* sql`UPDATE projection_halt SET since = ${long}`
      assert.deepStrictEqual(yield* sinceOf("two", null), ["two", true])
      assert.deepStrictEqual(yield* sinceOf("three", (yield* claim("unread")).epoch), ["three", true])
      // Its try to begin ended the turn before.
      yield* claim("unread")
      assert.deepStrictEqual(yield* sinceOf("four", null), ["four", true])
      // An older program has its turn.
      yield* claim("unread")
      assert.isNull(yield* told)
      assert.deepStrictEqual(yield* sinceOf("five", (yield* claim("unread")).epoch), ["five", false])
    })
  )

  test(
    "an owner without a turn tells again that it is halted when the checkpoint has another epoch",
    Effect.gen(function* () {
      const stuck = Halt.teller("unread", "stuck")
      yield* stuck.halted(null, "the error")
      const written = yield* row
      yield* stuck.halted(null, "the error")
      assert.deepStrictEqual(yield* row, written)
      yield* claim("unread")
      assert.isNull(yield* told)
      yield* stuck.halted(null, "the error")
      assert.strictEqual((yield* told)?.node, "stuck")
    })
  )
}

import { PgClient, PgConnection } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { EventLog } from "@indelible/application/store/EventLog"
import { EventStore } from "@indelible/application/store/EventStore"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventLog from "@indelible/infrastructure/postgres/log/PgEventLog"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import { digestsOf } from "@indelible/projections/engine/build/Digest"
import * as Checkpoint from "@indelible/projections/engine/Checkpoint"
import { type Claim, claim } from "@indelible/projections/engine/Claim"
import { allSlices, type FoldOptions, foldPage } from "@indelible/projections/engine/FoldPage"
import * as Parked from "@indelible/projections/engine/Parked"
import { Effect, Fiber, Layer, type Redacted, References, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { meta, note, owner, streamIn } from "../../contract/Notebook.ts"
import { rebuild } from "../../contract/projections/ReadModelDatabase.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { foreigner, type Tally, writeByHand } from "../eventstore/HandWriting.ts"
import { seeded } from "../Seed.ts"
import { notebookProjection } from "./NotebookProjection.ts"

const slices = [3, 17, 200] as const
const millis = 10_000

const layer = (url: Redacted.Redacted) =>
  Layer.merge(PgEventStore.layer({ url, node: "late" }), PgEventLog.layer).pipe(
    Layer.provideMerge(EnvelopeOpener.layer),
    Layer.provideMerge(MemoryKeyVault.layer),
    Layer.provideMerge(
      Layer.effectDiscard(
        migrate({
          ...eventLogMigrations,
          "0100_projection_checkpoint": Checkpoint.createTable,
          "0104_projection_parked": Parked.createTable
        })
      )
    ),
    Layer.provideMerge(PgClient.layer({ url, maxConnections: 12 })),
    Layer.provide(SecureRandom.layerWebCrypto)
  )

const { name, tables, stream } = notebookProjection

const createSet = Effect.fnUntraced(function* (set: string) {
  yield* notebookProjection.createTables(set)
  yield* Checkpoint.create(set, notebookProjection.version)
  return yield* claim(set)
})

/** Page after page as it comes, as an owner does. */
const asOwner = Effect.fnUntraced(function* (set: string, options: FoldOptions, writing: () => boolean) {
  let current = yield* createSet(set)
  let pages = 0
  for (;;) {
    // Asked before reading: a page that begins after the last commit and is empty is the end.
    const more = writing()
    const folded = yield* foldPage(notebookProjection, current, options)
    current = folded.claim
    pages += 1
    if (folded.events > 0) continue
    if (!more) return pages
    yield* Effect.sleep("3 millis")
  }
})

/** To where the log ended when that was looked at, in ranges side by side, again and again, as a rebuild does. */
const asBuilder = Effect.fnUntraced(function* (set: string, options: FoldOptions, writing: () => boolean) {
  const log = yield* EventLog
  let current = yield* createSet(set)
  let pages = 0
  const fold = Effect.fnUntraced(function* (
    from: Claim,
    range: ReadonlyArray<number>,
    upTo: ReadonlyArray<number>
  ) {
    let reached = from
    for (;;) {
      const folded = yield* foldPage(notebookProjection, reached, { ...options, slices: range, upTo })
      if (folded.events === 0) return reached
      reached = folded.claim
      pages += 1
      assert.isTrue(
        range.every((slice) => (reached.positions[slice] ?? 0) <= (upTo[slice] ?? 0)),
        "not past the cut"
      )
    }
  })
  for (;;) {
    const more = writing()
    const upTo = (yield* log.sliceHeads).map(({ after }) => after)
    const halves = yield* Effect.forEach(
      [allSlices.filter((slice) => slice < 100), allSlices.filter((slice) => slice >= 100)],
      (range) => fold(current, range, upTo),
      { concurrency: 2 }
    )
    const before = current
    current = {
      ...current,
      positions: allSlices.map((slice) => Math.max(...halves.map(({ positions }) => positions[slice] ?? 0)))
    }
    assert.deepStrictEqual(current.positions, upTo)
    if (before.positions.every((position, slice) => position === upTo[slice])) {
      if (!more) return pages
      yield* Effect.sleep("3 millis")
    }
  }
})

describe.each(TestDatabase.oneServer())("read models on %s", (server) => {
  it.live(
    "F11, F12: equal a fresh rebuild at any page size, while writers dawdle, roll back and are killed",
    () =>
      Effect.gen(function* () {
        const seed = seeded(`late events, ${server}`)
        const url = yield* TestDatabase.make(server)
        const context = yield* Layer.build(layer(url))
        const here = Effect.provideContext(context)
        const [store, sql] = yield* here(Effect.all([EventStore, SqlClient.SqlClient]))
        // Two strangers who keep a snapshot all the time: one elsewhere on the server, one right here.
        yield* foreigner(server)
        const idle = yield* PgConnection.make({ url })
        yield* idle.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
        yield* idle.query("CREATE TABLE open_for_long AS SELECT count(*) FROM event")

        const streams = new Map(
          slices.map((slice) => [slice, [streamIn(slice), streamIn(slice), streamIn(slice)] as const])
        )
        const tally: Tally = { committed: 0, rolledBack: 0, killed: 0 }
        const end = performance.now() + millis
        let over = false
        const sinks = [1, 2, 7, 500].flatMap((limit) =>
          [false, true].flatMap((thin) =>
            (["owner", "builder"] as const).map((as) => ({
              set: `notes_${as}_${thin ? "thin" : "whole"}_${limit}`,
              follow: as === "owner" ? asOwner : asBuilder,
              options: { limit, thin }
            }))
          )
        )
        const following = yield* Effect.forEach(sinks, ({ follow, options, set }) =>
          Effect.forkChild(here(follow(set, options, () => !over)))
        )
        let written = 0
        const writeByStore = Effect.fnUntraced(function* () {
          while (performance.now() < end) {
            const stream = seed.pick(streams.get(seed.pick(slices)) ?? [streamIn(3)])
            const outcome = yield* Effect.result(store.execute(note, stream, { owner, text: "note" }, meta()))
            if (Result.isSuccess(outcome)) written += 1
            yield* Effect.sleep(seed.below(60))
          }
        })
        yield* Effect.all(
          [
            ...Array.from({ length: 3 }, () =>
              writeByHand(url, streams, seed, tally, () => performance.now() < end)
            ),
            ...Array.from({ length: 3 }, writeByStore)
          ],
          { concurrency: "unbounded" }
        )
        over = true
        const pages = yield* Effect.forEach(following, Fiber.join)

        yield* here(rebuild(notebookProjection, name))
        const digests = yield* here(digestsOf(name, tables, stream, []))
        const [log] = yield* here(sql<{ events: number }>`SELECT count(*)::int AS events FROM event`)
        const rows = [...digests.values()].filter(({ table }) => table === "event")
        assert.strictEqual(
          rows.reduce((sum, each) => sum + each.rows, 0),
          log?.events
        )
        assert.deepStrictEqual(
          rows.map(({ slice }) => slice).sort((a, b) => a - b),
          [...slices]
        )
        for (const { set } of sinks) {
          assert.deepStrictEqual(yield* here(digestsOf(set, tables, stream, [])), digests, set)
          assert.deepStrictEqual(yield* here(Parked.list(set)), [])
        }
        console.log(
          `late events, ${server}: ${log?.events} events, ${written} commands by the store, by hand ` +
            `${JSON.stringify(tally)}; pages ${sinks.map(({ set }, i) => `${set.slice(6)}:${pages[i]}`).join(" ")}`
        )
        assert.isAbove(tally.committed, 5)
        assert.isAbove(tally.rolledBack, 1)
        assert.isAbove(tally.killed, 1)
        assert.isAbove(written, 20)
        assert.strictEqual((yield* idle.query("SELECT 1 AS one")).rows.length, 1)
      }).pipe(Effect.scoped, Effect.provideService(References.MinimumLogLevel, "Error"))
  )
})

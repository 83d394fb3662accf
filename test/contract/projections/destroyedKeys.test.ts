import { assert, it } from "@effect/vitest"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { EventOpener } from "@indelible/application/store/EventOpener"
import { EventStore } from "@indelible/application/store/EventStore"
import type { BuildKind } from "@indelible/projections/engine/build/Build"
import * as BuildJobs from "@indelible/projections/engine/build/BuildJobs"
import { own } from "@indelible/projections/engine/Ownership"
import { purge } from "@indelible/projections/engine/Purge"
import { formerOf, shadowOf } from "@indelible/projections/engine/Sets"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import { Deferred, Effect, Fiber, type Layer, type Scope } from "effect"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { buildingOf, ended, keepingOf, layer, nodeOf, watched } from "./BuildNode.ts"
import { play, RandomHistory } from "./RandomHistory.ts"
import { catchUp, dump, projections } from "./ReadModelDatabase.ts"
import * as Talk from "./Talk.ts"

const secret = "only while the key is there"

const carriedOut = Effect.fn(function* (projection: string, kind: BuildKind) {
  yield* BuildJobs.request({ projection, kind, by: "ada", maxRate: null, keepHours: 24 })
  return yield* ended(projection)
})

const destroyEveryKey = Effect.gen(function* () {
  const [vault, store] = [yield* KeyVault, yield* EventStore]
  const cursors = Array.from({ length: 256 }, (_, slice) => ({ slice, after: 0 }))
  const keyIds = new Set(
    (yield* store.readSlices(cursors, 1_000_000)).flatMap(({ header }) => header.keyId ?? [])
  )
  assert.isAbove(keyIds.size, 0)
  for (const keyId of keyIds) yield* vault.destroy(keyId)
  return keyIds
})

const contents = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ texts: bigint; labels: bigint; previews: bigint }>`
    SELECT
      (SELECT count(text) FROM history.message) AS texts,
      (SELECT count(metadata) FROM history.message) AS labels,
      (SELECT count(last_message_preview) FROM inbox.conversation) AS previews`
  return row
})

const runs = { timeout: 300_000, arbitrary: { runs: 4, size: 60, maxShrinks: 10 } }
let run = 0

for (const server of TestDatabase.oldestServer()) {
  const test = <E>(
    name: string,
    body: Effect.Effect<void, E, Scope.Scope | Layer.Success<ReturnType<typeof layer>>>
  ) => it.live(`${name} (${server})`, () => Effect.provide(Effect.scoped(body), layer(server)))

  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(
    `With every content key destroyed (${server})`,
    (it) => {
      it.effect.prop(
        "read models of any history are equal to their rebuild, and hold no content (X7)",
        [RandomHistory],
        ([history]) =>
          Effect.scoped(
            Effect.gen(function* () {
              run += 1
              yield* Effect.forkScoped(nodeOf(projections))
              yield* play(history, `destroyed ${run}`, () => Effect.void)
              const keyIds = yield* destroyEveryKey
              for (const projection of projections) {
                for (const keyId of keyIds) yield* purge(projection, keyId)
                const { comparison, message, state } = yield* carriedOut(projection.name, "rebuild")
                assert.deepStrictEqual([state, message], ["done", null], projection.name)
                assert.deepStrictEqual(comparison?.differences, [], projection.name)
                assert.deepStrictEqual([comparison?.equal, comparison?.parked], [true, []], projection.name)
              }
              assert.deepStrictEqual(yield* contents, { texts: 0n, labels: 0n, previews: 0n })
            })
          ),
        runs
      )
    }
  )

  test(
    "a key that is destroyed during a rebuild takes its content out of all tables, also of pages opened before (X7)",
    Effect.gen(function* () {
      const pairs = Array.from({ length: 8 }, (_, i) =>
        Talk.pair(`key ${i}`, Talk.person("b"), Talk.person(`w ${i}`))
      )
      for (const pair of pairs) {
        yield* Talk.start(pair)
        yield* Talk.say(pair, "worker", secret, { metadata: { label: secret } })
        yield* Talk.say(pair, "business", secret)
      }
      yield* catchUp(historyProjection)
      // There are former tables as well.
      yield* Effect.forkScoped(own([keepingOf(historyProjection)]))
      const [opened, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      let hold = false
      const building = watched(historyProjection, {
        write: (set) =>
          hold && set === shadowOf("history")
            ? Effect.andThen(Deferred.succeed(opened, undefined), Deferred.await(go))
            : Effect.void
      })
      yield* Effect.forkScoped(own([buildingOf(building)]))
      assert.strictEqual((yield* carriedOut("history", "rebuild")).state, "done")
      assert.include((yield* dump(formerOf("history"))).join(), secret)

      hold = true
      yield* BuildJobs.request({
        projection: "history",
        kind: "rebuild",
        by: "ada",
        maxRate: null,
        keepHours: 24
      })
      yield* Deferred.await(opened)
      const keyIds = yield* destroyEveryKey
      // The page that is held has its content, and its turn; the purge waits for it, or cuts it off.
      const purging = yield* Effect.forkScoped(
        Effect.forEach(keyIds, (keyId) => purge(historyProjection, keyId), { discard: true })
      )
      hold = false
      yield* Deferred.succeed(go, undefined)
      yield* Fiber.join(purging)
      const done = yield* ended("history")
      assert.deepStrictEqual([done.state, done.comparison?.differences], ["done", []])
      for (const set of ["history", formerOf("history")]) {
        const rows = yield* dump(set)
        assert.isAbove(rows.length, 16)
        assert.notInclude(rows.join(), secret, set)
      }
      // Nor does a roll-back bring it back.
      assert.strictEqual((yield* carriedOut("history", "rollback")).state, "done")
      assert.notInclude((yield* dump("history")).join(), secret)
      assert.deepStrictEqual((yield* carriedOut("history", "verify")).comparison?.equal, true)
    })
  )

  test(
    "a page that was opened before its key was destroyed, and comes after the purge, is not written (X7)",
    Effect.gen(function* () {
      const pair = Talk.pair("late page", Talk.person("b"), Talk.person("w"))
      yield* Talk.start(pair)
      yield* Talk.say(pair, "worker", secret)
      const [opened, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      // After the events are opened, and before the transaction that writes them.
      const opener = yield* EventOpener
      let held = false
      const late = EventOpener.of({
        open: (catalogue, events) =>
          Effect.tap(opener.open(catalogue, events), () => {
            if (held) return Effect.void
            held = true
            return Effect.andThen(Deferred.succeed(opened, undefined), Deferred.await(go))
          })
      })
      yield* Effect.forkScoped(Effect.provideService(own([keepingOf(historyProjection)]), EventOpener, late))
      yield* Deferred.await(opened)
      for (const keyId of yield* destroyEveryKey) yield* purge(historyProjection, keyId)
      yield* Deferred.succeed(go, undefined)
      while ((yield* dump("history")).length < 2) yield* Effect.sleep("10 millis")
      assert.notInclude((yield* dump("history")).join(), secret)
      assert.isTrue(held)
    })
  )
}

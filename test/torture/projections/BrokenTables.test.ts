import { assert, it } from "@effect/vitest"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { Unread } from "@indelible/projections/unread/Unread"
import { unreadProjection } from "@indelible/projections/unread/UnreadProjection"
import { Effect, type Layer, type Scope } from "effect"
import { SqlClient } from "effect/sql"
import {
  ended,
  equalsRebuild,
  eventsOfATalk,
  layer,
  nodeOf,
  reachOf,
  request,
  talkOf
} from "../../contract/projections/BuildNode.ts"
import * as Talk from "../../contract/projections/Talk.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"

for (const server of TestDatabase.oneServer()) {
  const test = <E>(
    name: string,
    body: Effect.Effect<void, E, Scope.Scope | Layer.Success<ReturnType<typeof layer>>>
  ) => it.live(`${name} (${server})`, () => Effect.provide(Effect.scoped(body), layer(server)))

  for (const [how, breakIt] of [
    ["lost a column, so that their owner is halted", "ALTER TABLE unread.conversation DROP COLUMN unread"],
    ["are gone", "DROP TABLE unread.conversation"]
  ] as const) {
    test(
      `a rebuild heals live tables that ${how}`,
      Effect.gen(function* () {
        const pairs = yield* talkOf(3)
        const sql = yield* SqlClient.SqlClient
        const progress = yield* ProjectionProgress
        yield* Effect.forkScoped(nodeOf([unreadProjection]))
        while ((yield* reachOf("unread")) !== 3 * eventsOfATalk) yield* Effect.sleep("10 millis")
        yield* sql.unsafe(breakIt)
        const [pair] = pairs
        if (pair === undefined) return assert.fail("no pair")
        yield* Talk.say(pair, "worker", "nobody can count it")
        while ((yield* progress.states).get("unread")?._tag !== "Halted") yield* Effect.sleep("10 millis")
        yield* request("rebuild", "unread")
        const done = yield* ended("unread")
        assert.deepStrictEqual([done.state, done.comparison], ["done", null])
        assert.strictEqual(yield* (yield* Unread).inConversation(pair.business, pair.id), 1)
        while ((yield* progress.states).get("unread")?._tag !== "Running") yield* Effect.sleep("10 millis")
        assert.isNull((yield* (yield* ProjectionOperations).status("unread")).halted)
        yield* equalsRebuild("unread")
      })
    )
  }
}

import { PgClient } from "@effect/sql-pg"
import { assert, it } from "@effect/vitest"
import { build } from "@indelible/projections/engine/build/Builder"
import * as BuildJobs from "@indelible/projections/engine/build/BuildJobs"
import { LockConnection, own } from "@indelible/projections/engine/Ownership"
import { run } from "@indelible/projections/engine/Runner"
import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { Effect, Layer, Option, type Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient } from "effect/sql"
import type { PostgresServer } from "../../servers/PostgresServers.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { quickWakeUp } from "./QuickWakeUp.ts"
import { dump, layer, projections } from "./ReadModelDatabase.ts"
import * as Talk from "./Talk.ts"

const lockConnection = Layer.effect(
  LockConnection,
  Effect.map(PgClient.PgClient, ({ config }) =>
    PgClient.makeClient({ url: config.url, applicationName: "test owning" }).pipe(
      Effect.provide(Reactivity.layer)
    )
  )
)
const withLog = (server: PostgresServer) =>
  Layer.mergeAll(lockConnection, quickWakeUp, ProjectionOperations.layer).pipe(
    Layer.provideMerge(layer(server))
  )

/** A node that keeps the read models and carries out what is asked. */
const node = own(
  projections.flatMap((projection) => [
    { name: projection.name, kind: "projection" as const, body: run(projection, "test") },
    { name: `build ${projection.name}`, kind: "build" as const, body: build(projection, "test") }
  ])
)

const ended = Effect.fn(function* (projection: string) {
  while (true) {
    const newest = Option.getOrThrow(yield* BuildJobs.newest(projection))
    if (["done", "failed", "cancelled"].includes(newest.state)) return newest
    yield* Effect.sleep("20 millis")
  }
})

const pairs = (count: number) =>
  Array.from({ length: count }, (_, i) => Talk.pair(`build ${i}`, Talk.person("b"), Talk.person(`w ${i}`)))

const talk = Effect.fn(function* (all: ReadonlyArray<Talk.Pair>) {
  for (const pair of all) {
    yield* Talk.start(pair)
    yield* Talk.say(pair, "worker", `hello from ${pair.id}`)
    yield* Talk.say(pair, "business", "answer")
    yield* Talk.read(pair, "business")
  }
})

for (const server of TestDatabase.whichServers()) {
  const test = <E>(
    name: string,
    body: Effect.Effect<void, E, Scope.Scope | Layer.Success<ReturnType<typeof withLog>>>
  ) => it.live(`${name} (${server})`, () => Effect.provide(Effect.scoped(body), withLog(server)))

  test(
    "a rebuild takes the place of the live tables and equals them, and a second switch puts the first back (F36)",
    Effect.gen(function* () {
      const operations = yield* ProjectionOperations
      yield* Effect.forkScoped(node)
      yield* talk(pairs(20))
      for (const { name } of projections) {
        yield* operations.start({ projection: name, kind: "rebuild", by: "ada" })
        const done = yield* ended(name)
        assert.deepStrictEqual([done.state, done.message, done.comparison?.equal], ["done", null, true], name)
        assert.deepStrictEqual([done.events, done.requestedBy, done.node], [done.expected, "ada", "test"])
        const rebuilt = yield* dump(name)
        assert.isAbove(rebuilt.length, 0)
        assert.deepStrictEqual(yield* dump(`${name}_before`), rebuilt)
        yield* operations.start({ projection: name, kind: "rollback", by: "ada" })
        assert.strictEqual((yield* ended(name)).state, "done")
        assert.deepStrictEqual(yield* dump(name), rebuilt)
      }
      // And life goes on in them.
      const [pair] = pairs(1)
      if (pair === undefined) return assert.fail("no pair")
      yield* Talk.say(pair, "worker", "still here")
      const sql = yield* SqlClient.SqlClient
      while ((yield* sql`SELECT FROM history.message WHERE text = 'still here'`).length === 0)
        yield* Effect.sleep("10 millis")
    })
  )
}

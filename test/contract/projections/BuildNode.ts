import { PgClient } from "@effect/sql-pg"
import { assert } from "@effect/vitest"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import type { Build, BuildKind } from "@indelible/projections/engine/build/Build"
import { build } from "@indelible/projections/engine/build/Builder"
import * as BuildJobs from "@indelible/projections/engine/build/BuildJobs"
import { LockConnection, own } from "@indelible/projections/engine/Ownership"
import type { Projection } from "@indelible/projections/engine/Projection"
import { run } from "@indelible/projections/engine/Runner"
import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { Effect, Layer, Option } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient } from "effect/sql"
import type { PostgresServer } from "../../servers/PostgresServers.ts"
import { quickWakeUp } from "./QuickWakeUp.ts"
import { layer as readModels } from "./ReadModelDatabase.ts"
import * as Talk from "./Talk.ts"

const lockConnection = Layer.effect(
  LockConnection,
  Effect.map(PgClient.PgClient, ({ config }) =>
    PgClient.makeClient({ url: config.url, applicationName: "test owning" }).pipe(
      Effect.provide(Reactivity.layer)
    )
  )
)

/** What a node needs to keep read models and to carry out builds. */
export const layer = (server: PostgresServer) =>
  Layer.mergeAll(lockConnection, quickWakeUp, ProjectionOperations.layer).pipe(
    Layer.provideMerge(readModels(server))
  )

/** What a node does with one projection under a name: it carries out what is asked, with or without keeping the view. */
export const buildingOf = (projection: Projection<ConversationEvent>) => ({
  name: `build ${projection.name}`,
  kind: "build" as const,
  body: build(projection, "test")
})
export const keepingOf = (projection: Projection<ConversationEvent>) => ({
  name: projection.name,
  kind: "projection" as const,
  body: run(projection, "test")
})

/** A node that keeps these read models and carries out what is asked. */
export const nodeOf = (wanted: ReadonlyArray<Projection<ConversationEvent>>) =>
  own(wanted.flatMap((projection) => [keepingOf(projection), buildingOf(projection)]))

/** The projection, with something done before it writes a page of so many events, or makes the indexes, of a set. */
export const watched = (
  projection: Projection<ConversationEvent>,
  before: {
    readonly write?: (set: string, events: number) => Effect.Effect<unknown>
    readonly index?: (set: string) => Effect.Effect<unknown>
  }
): Projection<ConversationEvent> => ({
  ...projection,
  createIndexes: (set) => Effect.andThen(before.index?.(set) ?? Effect.void, projection.createIndexes(set)),
  fold: (events) => [
    {
      table: projection.tables[0]?.name ?? "",
      keys: () => [],
      write: (set) => Effect.asVoid(before.write?.(set, events.length) ?? Effect.void)
    },
    ...projection.fold(events)
  ]
})

/** The newest build, as soon as it is so. */
export const untilBuild = Effect.fn(function* (projection: string, isSo: (build: Build) => boolean) {
  while (true) {
    const newest = Option.getOrThrow(yield* BuildJobs.newest(projection))
    if (isSo(newest)) return newest
    yield* Effect.sleep("10 millis")
  }
})

const endings: ReadonlyArray<Build["state"]> = ["done", "failed", "cancelled"]
export const ended = (projection: string) => untilBuild(projection, ({ state }) => endings.includes(state))

/** How many events a set of tables reflects; null: there is no such set. */
export const reachOf = Effect.fn(function* (set: string) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ reach: number | null }>`
    SELECT sum(slice_pos)::int AS reach FROM projection_checkpoint WHERE projection = ${set}`
  return row?.reach ?? null
})

/** Whatever there is of a set of tables: its schema, rows of its checkpoint, parked streams. */
export const remainsOf = Effect.fn(function* (set: string) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ schemas: number; checkpoints: number; parked: number }>`
    SELECT
      (SELECT count(*)::int FROM information_schema.schemata WHERE schema_name = ${set}) AS schemas,
      (SELECT count(*)::int FROM projection_checkpoint WHERE projection = ${set}) AS checkpoints,
      (SELECT count(*)::int FROM projection_parked WHERE projection = ${set}) AS parked`
  return row
})
export const nothing = { schemas: 0, checkpoints: 0, parked: 0 }

/** Conversations of four events each. */
export const talkOf = (count: number) =>
  Effect.forEach(
    Array.from({ length: count }, (_, i) => Talk.pair(`job ${i}`, Talk.person("b"), Talk.person(`w ${i}`))),
    (pair) =>
      Effect.gen(function* () {
        yield* Talk.start(pair)
        yield* Talk.say(pair, "worker", `hello from ${pair.id}`)
        yield* Talk.say(pair, "business", "answer")
        yield* Talk.read(pair, "business")
        return pair
      })
  )
export const eventsOfATalk = 4

export const request = (kind: BuildKind, projection = "history", maxRate: number | null = null) =>
  BuildJobs.request({ projection, kind, by: "ada", maxRate, keepHours: 24 })

/** The live tables are what a rebuild from zero would make of them. */
export const equalsRebuild = Effect.fn(function* (name: string) {
  yield* request("verify", name)
  const { comparison, message, state } = yield* ended(name)
  assert.deepStrictEqual([state, message], ["done", null])
  assert.deepStrictEqual(comparison?.differences, [])
  assert.strictEqual(comparison?.equal, true)
})

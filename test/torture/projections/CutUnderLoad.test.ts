import { assert, describe, it } from "@effect/vitest"
import type { BuildKind } from "@indelible/projections/engine/build/Build"
import * as BuildJobs from "@indelible/projections/engine/build/BuildJobs"
import { carryOut } from "@indelible/projections/engine/build/CarryOut"
import * as Pace from "@indelible/projections/engine/build/Pace"
import { inboxProjection } from "@indelible/projections/inbox/InboxProjection"
import { projections } from "@indelible/projections/projections"
import { Duration, Effect, Fiber, Layer, References } from "effect"
import { SqlClient } from "effect/sql"
import { percentile } from "../../bench/Latencies.ts"
import { ended } from "../../contract/projections/BuildNode.ts"
import * as Talk from "../../contract/projections/Talk.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { type Seed, seeded } from "../Seed.ts"
import * as ProjectorNode from "./ProjectorNode.ts"
import { look, type Seen } from "./Readers.ts"

const [business, silent] = [Talk.person("business"), Talk.person("silent")]

/** One more of the conversations is with somebody who never reads. */
const pairs = [
  Talk.pair("silent", business, silent),
  ...Array.from({ length: 24 }, (_, i) => Talk.pair(`cut ${i}`, business, Talk.person(`worker ${i}`)))
] as const

const begin = Effect.forEach(
  pairs,
  (pair) =>
    Effect.gen(function* () {
      yield* Talk.start(pair)
      for (let i = 0; i < 60; i++) yield* Talk.say(pair, i % 2 === 0 ? "business" : "worker", `before ${i}`)
    }),
  { concurrency: "unbounded", discard: true }
)

interface Load {
  sends: number
  receipts: number
}

/** 50 sends a second and half as many receipts, whatever else goes on. */
const load = Effect.fnUntraced(function* (seed: Seed, done: Load) {
  const began = performance.now()
  const send = Effect.gen(function* () {
    const pair = seed.pick(pairs)
    yield* Talk.say(pair, seed.below(2) === 0 ? "business" : "worker", `message ${done.sends}`)
    done.sends += 1
    if (pair.worker === silent || seed.below(2) === 0) return
    const receipt = seed.below(2) === 0 ? Talk.read : Talk.receive
    yield* receipt(pair, seed.below(2) === 0 ? "business" : "worker")
    done.receipts += 1
  })
  for (let i = 1; ; i++) {
    yield* Effect.forkChild(send)
    yield* Effect.sleep(Math.max(0, began + i * 20 - performance.now()))
  }
})

const figures = (seen: Seen) => {
  const sorted = seen.latencies.toSorted((a, b) => a - b)
  return `${seen.looks} looks: p50 ${percentile(sorted, 50).toFixed(1)} ms, p95 ${percentile(sorted, 95).toFixed(1)} ms, longest ${percentile(sorted, 100).toFixed(0)} ms`
}

/** All read models there, people talking, somebody looking. */
const scene = Effect.fnUntraced(function* (server: Parameters<typeof TestDatabase.make>[0], name: string) {
  const url = yield* TestDatabase.make(server)
  const node = yield* Layer.build(ProjectorNode.layer(url, "a"))
  const here = Effect.provideContext(node)
  yield* here(begin)
  yield* Effect.forkScoped(here(ProjectorNode.keep(url, "a", projections)))
  const sql = yield* here(SqlClient.SqlClient)
  const done: Load = { sends: 0, receipts: 0 }
  const reaches = sql<{ behind: number }>`
    SELECT count(*)::int AS behind
    FROM projection_checkpoint
    WHERE slice_pos < (SELECT coalesce(max(slice_pos), 0) FROM event WHERE event.slice = projection_checkpoint.slice)`
  while ((yield* reaches)[0]?.behind !== 0) yield* Effect.sleep("20 millis")
  const talking = yield* Effect.forkScoped(here(load(seeded(name), done)))
  const seen: Seen = { looks: 0, latencies: [], steps: 0 }
  const looking = yield* Effect.forkScoped(here(look(pairs, business, silent, seen)))
  /** Whatever was seen or said wrong comes out here. */
  const settle = Effect.gen(function* () {
    for (const fiber of [talking, looking]) {
      yield* Fiber.interrupt(fiber)
      const exit = fiber.pollUnsafe()
      if (exit?._tag === "Failure" && exit.cause.reasons.some(({ _tag }) => _tag !== "Interrupt")) {
        return yield* Effect.failCause(exit.cause)
      }
    }
  })
  return { url, here, done, seen, settle }
})

const request = (projection: string, kind: BuildKind) =>
  BuildJobs.request({ projection, kind, by: "ada", maxRate: null, keepHours: 24 })

describe.each(TestDatabase.oneServer())("read models that are replaced under load, on %s", (server) => {
  it.live(
    "F36: rebuilt one after the other, they are equal, and nobody ever sees less than before",
    () =>
      Effect.gen(function* () {
        const { done, here, seen, settle, url } = yield* scene(server, `cut under load, ${server}`)
        yield* Effect.forkScoped(here(ProjectorNode.carryOutBuilds(url, "b", projections)))
        for (const { name } of projections) {
          const looked = seen.looks
          yield* here(request(name, "rebuild"))
          const [took, build] = yield* Effect.timed(here(ended(name)))
          assert.deepStrictEqual([build.state, build.message], ["done", null], name)
          assert.deepStrictEqual(build.comparison?.differences, [], name)
          assert.strictEqual(build.comparison?.equal, true, name)
          assert.isAbove(build.comparison?.rows ?? 0, 0)
          assert.isAbove(seen.looks, looked)
          console.log(`rebuild of ${name}: ${build.events} events, ${Duration.toMillis(took).toFixed(0)} ms`)
        }
        yield* settle
        console.log(`${done.sends} sends, ${done.receipts} receipts meanwhile; ${figures(seen)}`)
        assert.isAbove(done.sends, 100)
        assert.isAbove(done.receipts, 30)
        assert.isAbove(seen.steps, 100)
      }).pipe(Effect.scoped, Effect.provideService(References.MinimumLogLevel, "Error")),
    110_000
  )

  it.live(
    "F36: switched 24 times in a row, they are equal, and nobody ever sees less than before",
    () =>
      Effect.gen(function* () {
        const { done, here, seen, settle, url } = yield* scene(server, `switched 24 times, ${server}`)
        const times: Array<number> = []
        const one = Effect.fnUntraced(function* (round: number) {
          const projection = projections[round % projections.length] ?? inboxProjection
          const build = yield* request(
            projection.name,
            round % (3 * projections.length) < projections.length ? "rebuild" : "rollback"
          )
          const sql = yield* SqlClient.SqlClient
          yield* sql`UPDATE projection_build SET state = 'running', node = 'here' WHERE id = ${build.id}`
          const began = performance.now()
          const pace = Pace.make(null)
          yield* carryOut(
            projection,
            { ...build, state: "running" },
            { stage: "folding", rate: 0, found: 0, ranges: [] },
            pace
          )
          times.push(performance.now() - began)
          const [row] = yield* sql<{
            state: string
          }>`SELECT state FROM projection_build WHERE id = ${build.id}`
          assert.strictEqual(row?.state, "done")
        })
        const pool = yield* Layer.build(ProjectorNode.projecting(url, "switching"))
        for (let round = 0; round < 24; round++) {
          yield* here(Effect.provideContext(one(round), pool))
        }
        yield* Effect.forkScoped(here(ProjectorNode.carryOutBuilds(url, "b", projections)))
        for (const { name } of projections) {
          yield* here(request(name, "verify"))
          const { comparison } = yield* here(ended(name))
          assert.deepStrictEqual([comparison?.differences, comparison?.equal], [[], true], name)
        }
        yield* settle
        const sorted = times.toSorted((a, b) => a - b)
        console.log(
          `24 switches: median ${percentile(sorted, 50).toFixed(0)} ms, longest ${percentile(sorted, 100).toFixed(0)} ms; ` +
            `${done.sends} sends, ${done.receipts} receipts meanwhile; ${figures(seen)}`
        )
        assert.isAbove(done.sends, 100)
        assert.isAbove(seen.steps, 100)
      }).pipe(Effect.scoped, Effect.provideService(References.MinimumLogLevel, "Error")),
    240_000
  )
})

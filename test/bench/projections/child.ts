// First: it compiles schemas that are made after it, as in the product.
import "effect/schema/SchemaJITCompiler/enable"

import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { EventLog } from "@indelible/application/store/EventLog"
import { foldRanges, pageOf } from "@indelible/projections/engine/build/FoldRanges"
import * as Pace from "@indelible/projections/engine/build/Pace"
import { type Progress, rangesOf } from "@indelible/projections/engine/build/Progress"
import * as Checkpoint from "@indelible/projections/engine/Checkpoint"
import { type Claim, claim } from "@indelible/projections/engine/Claim"
import { nextPage } from "@indelible/projections/engine/FoldPage"
import { openPage } from "@indelible/projections/engine/OpenPage"
import * as Sets from "@indelible/projections/engine/Sets"
import { projections } from "@indelible/projections/projections"
import { Console, Effect, Redacted } from "effect"
import { benchParts } from "./BenchParts.ts"

const [, , mode = "", name = ""] = process.argv
const url = Redacted.make(process.env.BENCH_URL ?? "")
const masterKey = Redacted.make(process.env.BENCH_MASTER_KEY ?? "")
const projection = projections.find((each) => each.name === name) ?? projections[0]

const freely = { ...Pace.make(null), after: () => Effect.void }

/** What `indelible projections rebuild` does, up to the catching up: nobody writes here. */
const rebuild = Effect.gen(function* () {
  const set = Sets.shadowOf(projection.name)
  yield* Sets.drop(set)
  yield* projection.createTables(set)
  yield* Checkpoint.create(set, projection.version)
  const begin = performance.now()
  const claimed = yield* claim(set)
  const heads = yield* (yield* EventLog).sliceHeads
  const progress: Progress = {
    stage: "folding",
    rate: 0,
    found: 0,
    ranges: rangesOf(claimed.positions, heads)
  }
  yield* foldRanges(
    projection,
    claimed,
    heads.map(({ after }) => after),
    progress,
    freely
  )
  yield* projection.createIndexes(set)
  return { seconds: (performance.now() - begin) / 1_000 }
})

/** Reads, decodes, decrypts and folds the same pages, and writes nothing. */
const decode = Effect.gen(function* () {
  const begin = performance.now()
  const heads = yield* (yield* EventLog).sliceHeads
  let read = 0
  for (const range of rangesOf(
    heads.map(() => 0),
    heads
  )) {
    const slices = Array.from({ length: range.to - range.from + 1 }, (_, i) => range.from + i)
    const positions = heads.map(() => 0)
    while (true) {
      const at: Claim = { name: "none", epoch: 0, version: 0, positions, parked: new Map() }
      const started = performance.now()
      const page = yield* nextPage(at, { ...pageOf(projection), slices })
      if (page.outlines.length === 0) break
      read += performance.now() - started
      yield* openPage(projection, page)
      for (const { slice, slicePos } of page.outlines) positions[slice] = slicePos
    }
  }
  return { seconds: (performance.now() - begin) / 1_000, readSeconds: read / 1_000 }
})

NodeRuntime.runMain(
  (mode === "rebuild" ? rebuild : decode).pipe(
    Effect.flatMap((measured) => {
      const { maxRSS, systemCPUTime, userCPUTime } = process.resourceUsage()
      const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6
      return Console.log(
        JSON.stringify({ ...measured, cpuSeconds, peakMegabytes: Math.round(maxRSS / 1_024) })
      )
    }),
    Effect.provide(benchParts(url, masterKey))
  )
)

import { assert } from "@effect/vitest"
import type { PositionToken } from "@indelible/application/store/PositionToken"
import * as BuildJobs from "@indelible/projections/engine/build/BuildJobs"
import * as Checkpoint from "@indelible/projections/engine/Checkpoint"
import { ownerOf } from "@indelible/projections/engine/Owner"
import { projections } from "@indelible/projections/projections"
import { Effect, Layer, type Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { ended } from "../../contract/projections/BuildNode.ts"
import { dump, rebuild } from "../../contract/projections/ReadModelDatabase.ts"
import * as Talk from "../../contract/projections/Talk.ts"
import type { Seed } from "../Seed.ts"
import * as ProjectorNode from "./ProjectorNode.ts"
import * as ProjectorProcess from "./ProjectorProcess.ts"

/** Projector processes on one database, and this process, which writes to the log, asks and looks. */
export const make = Effect.fn("Projectors.make")(function* (url: Redacted.Redacted) {
  const observer = yield* Layer.build(ProjectorNode.layer(url, "observer"))
  const here = Effect.provideContext(observer)
  let rebuilds = 0

  /** Ends when the live tables of all read models hold what the token names. */
  const untilReached = Effect.fnUntraced(function* (token: PositionToken) {
    const slices = Object.keys(token).map(Number)
    for (const { name } of projections) {
      while (true) {
        const positions = yield* Checkpoint.read(name, slices)
        if (slices.every((slice) => (positions.get(slice) ?? 0) >= (token[slice] ?? 0))) break
        yield* Effect.sleep("5 millis")
      }
    }
  }, here)

  const untilOwned = Effect.fnUntraced(function* (name: string, by: (owner: string) => boolean = () => true) {
    while (true) {
      const owner = yield* ownerOf(name)
      if (owner !== null && by(owner)) return owner
      yield* Effect.sleep("5 millis")
    }
  }, here)

  /** Who may write the live tables of a read model, as all of its checkpoint rows say. */
  const epochOf = Effect.fnUntraced(function* (name: string) {
    const sql = yield* SqlClient.SqlClient
    const rows = yield* sql<{ epoch: number }>`
      SELECT DISTINCT epoch FROM projection_checkpoint WHERE projection = ${name}`
    assert.strictEqual(rows.length, 1, "one epoch in all slices")
    return rows[0]?.epoch ?? -1
  }, here)

  /** The live tables are what this process makes of the log. */
  const equalRebuilds = Effect.gen(function* () {
    rebuilds += 1
    for (const projection of projections) {
      const again = `${projection.name}_again_${rebuilds}`
      yield* rebuild(projection, again)
      const [live, made] = [yield* dump(projection.name), yield* dump(again)]
      assert.isAbove(live.length, 0)
      assert.deepStrictEqual(live, made, projection.name)
    }
  }).pipe(here)

  return {
    here,
    start: (name: string, freezeIn?: string) =>
      ProjectorProcess.start({ url, name, ...(freezeIn !== undefined && { freezeIn }) }),
    untilReached,
    untilOwned,
    epochOf,
    equalRebuilds,
    request: (projection: string, kind: "rebuild" | "verify", maxRate: number | null) =>
      here(BuildJobs.request({ projection, kind, by: "ada", maxRate, keepHours: 24 })),
    ended: (projection: string) => here(ended(projection))
  }
})

/** People who talk all the time, in these conversations. */
export const talk = Effect.fn("Projectors.talk")(function* (
  seed: Seed,
  pairs: readonly [Talk.Pair, ...Array<Talk.Pair>]
) {
  for (let i = 0; ; i++) {
    const pair = seed.pick(pairs)
    const side = seed.below(2) === 0 ? "business" : "worker"
    yield* seed.below(4) === 0 ? Talk.read(pair, side) : Talk.say(pair, side, `message ${i}`)
    yield* Effect.sleep(seed.below(8))
  }
})

/** The same names are the same conversations. */
export const pairsOf = (name: string): readonly [Talk.Pair, ...Array<Talk.Pair>] => {
  const pairOf = (i: number) =>
    Talk.pair(`${name} ${i}`, Talk.person(`${name} b`), Talk.person(`${name} w ${i}`))
  return [pairOf(0), ...Array.from({ length: 11 }, (_, i) => pairOf(i + 1))]
}

import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Reactivity } from "effect/reactivity"
import { freshStream } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { type Attempt, now, tally } from "./History.ts"
import { living } from "./Insistent.ts"
import * as Load from "./Load.ts"
import * as Nodes from "./Nodes.ts"
import * as SharedStore from "./SharedStore.ts"

const everyMillis = 300
const millis = 5_000

describe("all connections of the store cut every 300 ms", () => {
  it.live("F8: for 5 s under load: no ok lost, nothing doubled, and no connection too many after it", () =>
    Effect.gen(function* () {
      const seed = seeded("terminated backends")
      const url = yield* TestDatabase.make("embedded")
      const nodes = yield* Nodes.make(url)
      const both = yield* Effect.all([nodes.start("a"), nodes.start("b")], { concurrency: 2 })
      const admin = yield* Effect.provide(PgClient.makeClient({ url }), Reactivity.layer)
      const attempts: Array<Attempt> = []
      const load = yield* Load.start({
        seed,
        clients: 16,
        streams: [freshStream(), freshStream(), freshStream(), freshStream()],
        next: () => living(() => both, seed.pick),
        attempts
      })
      const connections = Effect.map(
        Effect.forEach(both, ({ name }) => nodes.connectionsOf(name)),
        (each) => each.flat()
      )
      yield* Load.until("warm", 15_000, () => attempts.length > 1_000)
      const before = Load.rate(attempts, now() - 500, now())
      const baseline = yield* connections

      let cut = 0
      const end = now() + millis
      while (now() < end) {
        const rows = yield* admin`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name ~ '^[ab] '`
        cut += rows.length
        yield* Effect.sleep(everyMillis)
      }
      const during = Load.rate(attempts, end - millis, end)
      const healed = now()
      yield* Load.until(
        "half of the throughput is back",
        5_000,
        () => now() - healed > 250 && Load.rate(attempts, now() - 250, now()) >= before / 2
      )
      const after = yield* connections
      yield* load.stop

      console.log(
        `terminated: ${cut} connections cut; ${before.toFixed(0)} notes/s before, ${during.toFixed(0)} meanwhile; ` +
          `${baseline.length} connections before, ${after.length} after`
      )
      // Nearly all of them every time, so each time with calls under way.
      assert.isAbove(cut, 40)
      // One connection a line, however often it was cut.
      const pool = (name: string) => name.endsWith(" pool")
      const lines = after.filter((name) => !pool(name))
      assert.deepStrictEqual(lines, [...new Set(lines)])
      assert.isAtMost(after.filter(pool).length, 2 * SharedStore.poolSize)
      yield* nodes.verify("terminated", attempts)
      assert.includeMembers(
        ["OutcomeUnknown", "Unavailable: unreachable", "Unavailable: keys", "Busy"],
        Object.keys(tally(attempts).errors)
      )
    })
  )
})

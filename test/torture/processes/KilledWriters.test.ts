import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { freshStream } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { type Attempt, now, tally } from "./History.ts"
import { living } from "./Insistent.ts"
import * as Load from "./Load.ts"
import * as Nodes from "./Nodes.ts"

const millis = 20_000
const names = ["a", "b"] as const

describe("either process killed every 1 to 3 s", () => {
  it.live("F4: for 20 s, its clients going on at either one: I1 to I4 hold", () =>
    Effect.gen(function* () {
      const seed = seeded("killed writers")
      const nodes = yield* Nodes.make(yield* TestDatabase.make("embedded"))
      const [a, b] = yield* Effect.all([nodes.start("a"), nodes.start("b")], { concurrency: 2 })
      const running = { a, b }
      const attempts: Array<Attempt> = []
      const reader = yield* nodes.follow
      const load = yield* Load.start({
        seed,
        clients: 16,
        streams: [freshStream(), freshStream(), freshStream(), freshStream(), freshStream()],
        next: () => living(() => [running.a, running.b], seed.pick),
        attempts
      })

      const end = now() + millis
      let kills = 0
      for (;;) {
        const pause = 1_000 + seed.below(2_000)
        if (now() + pause > end) break
        yield* Effect.sleep(pause)
        const alive = names.filter((name) => running[name].isAlive())
        const victim = alive[seed.below(alive.length)]
        if (victim === undefined) continue
        yield* running[victim].kill9
        kills += 1
        // The next kill does not wait for it: at times nobody is there.
        yield* Effect.forkScoped(
          Effect.map(nodes.start(victim), (successor) => {
            running[victim] = successor
          })
        )
      }
      yield* load.stop

      const log = yield* nodes.verify("killed writers", attempts, yield* reader.seen)
      const { deduplicated, errors, retried } = tally(attempts)
      console.log(`killed writers: ${kills} kills, ${(log.length * 1000) / millis} events/s`)
      // A run in which nobody lost an answer, or nothing lost was there already, has shown nothing.
      assert.isAtLeast(kills, 5)
      assert.isAbove(retried, 0)
      assert.isAbove(deduplicated, 0)
      assert.includeMembers(["process ended", "Busy"], Object.keys(errors))
    })
  )
})

import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, References } from "effect"
import * as Talk from "../../contract/projections/Talk.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { make, pairsOf, talk } from "./Projectors.ts"

const rounds = 4

describe.each(TestDatabase.oneServer())("the owner of read models, on %s", (server) => {
  it.live("F33, F34: killed while it projects, another goes on at once, and nothing is lost or doubled", () =>
    Effect.gen(function* () {
      const seed = seeded(`killed owner, ${server}`)
      const { equalRebuilds, here, start, untilOwned, untilReached } = yield* make(
        yield* TestDatabase.make(server)
      )
      const pairs = pairsOf("killed owner")
      for (const pair of pairs) yield* here(Talk.start(pair))
      const running = new Map([["a", yield* start("a")]])
      running.set("b", yield* start("b"))
      const talking = yield* Effect.forkScoped(here(talk(seed, pairs)))

      const times: Array<number> = []
      for (let round = 0; round < rounds; round++) {
        yield* untilReached((yield* here(Talk.say(seed.pick(pairs), "worker", `round ${round}`))).token)
        yield* Effect.sleep(seed.below(300))
        const victim = yield* untilOwned("history")
        yield* running.get(victim)?.kill9 ?? Effect.die(new Error(`${victim} is not ours`))
        const died = performance.now()
        const { token } = yield* here(Talk.say(seed.pick(pairs), "worker", `after kill ${round}`))
        yield* untilReached(token)
        times.push(performance.now() - died)
        assert.notStrictEqual(yield* untilOwned("history"), victim)
        running.set(victim, yield* start(victim))
      }
      yield* Fiber.interrupt(talking)
      yield* untilReached((yield* here(Talk.say(pairs[0], "worker", "the last"))).token)
      yield* equalRebuilds
      console.log(
        `killed owner, ${server}: new events projected after ${times.map((time) => time.toFixed(0)).join(", ")} ms`
      )
      // Half a second until another tries to own it; the rest is room for a busy machine.
      assert.isBelow(Math.max(...times), 3_000)
    }).pipe(Effect.scoped, Effect.provideService(References.MinimumLogLevel, "Error"))
  )
})

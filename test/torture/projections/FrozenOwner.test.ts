import { assert, describe, it } from "@effect/vitest"
import { projections } from "@indelible/projections/projections"
import { Effect, Fiber, References } from "effect"
import * as Talk from "../../contract/projections/Talk.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { make, pairsOf, talk } from "./Projectors.ts"

/** Three seconds until its session is ended, half a second until another tries; the rest is room for a busy machine. */
const longest = 9_000

describe.each(TestDatabase.oneServer())("an owner that freezes, on %s", (server) => {
  for (const where of ["anywhere", "between its rows and the commit"] as const) {
    it.live(`F6: ${where}, is replaced, and writes nothing when it thaws`, () =>
      Effect.gen(function* () {
        const seed = seeded(`frozen owner, ${where}, ${server}`)
        const { epochOf, equalRebuilds, here, start, untilOwned, untilReached } = yield* make(
          yield* TestDatabase.make(server)
        )
        const pairs = pairsOf("frozen owner")
        for (const pair of pairs) yield* here(Talk.start(pair))
        const fatal = Talk.pair("fatal", Talk.person("frozen owner b"), Talk.person("fatal w"))
        const frozen = yield* start("a", fatal.id)
        for (const { name } of projections) yield* untilOwned(name, (owner) => owner === "a")
        yield* start("b")
        const talking = yield* Effect.forkScoped(here(talk(seed, pairs)))
        yield* untilReached((yield* here(Talk.say(pairs[0], "worker", "both are there"))).token)
        const owner = yield* untilOwned("history")
        const before = yield* epochOf("history")
        if (where === "anywhere") {
          assert.strictEqual(owner, "a")
          yield* Effect.sleep(seed.below(300))
          frozen.signal("SIGSTOP")
        } else yield* here(Talk.start(fatal))
        while (!(yield* frozen.isStopped)) yield* Effect.sleep("1 millis")
        const stopped = performance.now()
        const { token } = yield* here(Talk.say(pairs[0], "worker", "now"))
        yield* untilReached(token)
        const took = performance.now() - stopped
        const taken = yield* Effect.forEach(projections, ({ name }) => epochOf(name))
        assert.isAbove(taken[1] ?? 0, before)
        yield* Effect.sleep(seed.below(1_000))
        frozen.signal("SIGCONT")

        // It says itself that it has lost what it owned; and what it says of its page is that it failed.
        while (!frozen.stderr.some((line) => line.includes("ownership hangs on was lost"))) {
          yield* Effect.sleep("10 millis")
        }
        assert.deepStrictEqual(yield* Effect.forEach(projections, ({ name }) => epochOf(name)), taken)
        const { token: later } = yield* here(Talk.say(pairs[2] ?? pairs[0], "business", "after it thawed"))
        yield* untilReached(later)
        // As the younger one it is dealt its share again.
        const owners = yield* Effect.forEach(projections, ({ name }) => untilOwned(name))
        assert.include(owners, "b")
        while (!(yield* Effect.forEach(projections, ({ name }) => untilOwned(name))).includes("a")) {
          yield* Effect.sleep("50 millis")
        }
        yield* Fiber.interrupt(talking)
        yield* untilReached((yield* here(Talk.say(pairs[0], "worker", "the last"))).token)
        yield* equalRebuilds
        console.log(`frozen owner, ${where}, ${server}: another projected after ${took.toFixed(0)} ms`)
        assert.isBelow(took, longest)
      }).pipe(Effect.scoped, Effect.provideService(References.MinimumLogLevel, "Error"))
    )
  }
})

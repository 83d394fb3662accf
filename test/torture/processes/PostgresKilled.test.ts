import { assert, describe, it } from "@effect/vitest"
import { Effect, References } from "effect"
import { freshStream } from "../../contract/Notebook.ts"
import * as OwnPostgres from "../../servers/OwnPostgres.ts"
import { seeded } from "../Seed.ts"
import { type Attempt, now } from "./History.ts"
import { living } from "./Insistent.ts"
import * as Load from "./Load.ts"
import * as Nodes from "./Nodes.ts"

const rounds = 3

describe.each(OwnPostgres.whichServers().slice(0, 1))("kill -9 of Postgres (%s) under load", (server) => {
  it.live(`F7: every ok is there after it, the rest settles, and it goes on by itself, ${rounds} times`, () =>
    Effect.gen(function* () {
      const seed = seeded(`Postgres killed, ${server}`)
      const postgres = yield* OwnPostgres.make(server)
      yield* postgres.start
      const nodes = yield* Nodes.make(postgres.url)
      const both = yield* Effect.all([nodes.start("a"), nodes.start("b")], { concurrency: 2 })
      const attempts: Array<Attempt> = []
      const reader = yield* nodes.follow
      const load = yield* Load.start({
        seed,
        clients: 16,
        streams: [freshStream(), freshStream(), freshStream(), freshStream()],
        next: () => living(() => both, seed.pick),
        attempts
      })

      for (let round = 1; round <= rounds; round++) {
        const begun = attempts.length
        yield* Load.until("400 attempts under load", 15_000, () => attempts.length >= begun + 400)
        const before = Load.rate(attempts, now() - 500, now())
        yield* postgres.kill9
        const down = attempts.length
        const told = (error: string) => (writer: { readonly name: string }) =>
          attempts
            .slice(down)
            .some(
              ({ outcome, process }) =>
                process === writer.name && outcome._tag !== "Ok" && outcome.error === error
            )
        yield* Load.until("both say so", 3_000, () => both.every(told("Unavailable: unreachable")))
        // Once it stays away for longer than a lost answer may take to settle.
        if (round === 2)
          yield* Load.until("some are in doubt", 5_000, () => both.some(told("OutcomeUnknown")))
        yield* Effect.sleep(seed.below(500))
        yield* postgres.start
        const up = now()
        const isBack = () => now() - up > 250 && Load.rate(attempts, now() - 250, now()) >= before / 2
        yield* Load.until("half of the throughput is back", 5_000, isBack)
        const back = (now() - up).toFixed(0)
        console.log(
          `round ${round}: ${before.toFixed(0)} notes/s before, half of it ${back} ms after the start`
        )
      }
      yield* load.stop

      for (const { isAlive } of both) assert.isTrue(isAlive())
      yield* nodes.verify(`Postgres killed, ${server}`, attempts, yield* reader.seen)
      const errors = new Set(attempts.map(({ outcome }) => (outcome._tag === "Ok" ? "" : outcome.error)))
      assert.include([...errors], "OutcomeUnknown")
      for (const error of errors) {
        assert.include(["", "OutcomeUnknown", "Unavailable: unreachable", "Unavailable: keys", "Busy"], error)
      }
    }).pipe(Effect.provideService(References.MinimumLogLevel, "None"))
  )
})

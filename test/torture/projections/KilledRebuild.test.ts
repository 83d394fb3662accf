import { assert, describe, it } from "@effect/vitest"
import { shadowOf } from "@indelible/projections/engine/Sets"
import { Deferred, Effect, Fiber, References } from "effect"
import { SqlClient } from "effect/sql"
import { reachOf, untilBuild } from "../../contract/projections/BuildNode.ts"
import * as Talk from "../../contract/projections/Talk.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { make, pairsOf, talk } from "./Projectors.ts"

const eventsBefore = 2_400
const shadow = shadowOf("history")

describe.each(TestDatabase.oneServer())("a rebuild, on %s", (server) => {
  it.live(
    "F34, F36: its process killed at any moment, another goes on from the checkpoint and ends equal",
    () =>
      Effect.gen(function* () {
        const seed = seeded(`killed rebuild, ${server}`)
        const { ended, equalRebuilds, here, request, start, untilOwned, untilReached } = yield* make(
          yield* TestDatabase.make(server)
        )
        const sql = yield* here(SqlClient.SqlClient)
        const pairs = pairsOf("killed rebuild")
        yield* Effect.forEach(
          pairs,
          (pair) =>
            Effect.gen(function* () {
              yield* here(Talk.start(pair))
              for (let i = 1; i < eventsBefore / pairs.length; i++)
                yield* here(Talk.say(pair, "worker", `${i}`))
            }),
          { concurrency: "unbounded", discard: true }
        )
        const running = new Map([["a", yield* start("a")]])
        running.set("b", yield* start("b"))
        const talking = yield* Effect.forkScoped(here(talk(seed, pairs)))
        yield* untilReached((yield* here(Talk.say(pairs[0], "worker", "all is there"))).token)

        const kill = Effect.fnUntraced(function* () {
          const victim = yield* untilOwned("build history")
          yield* running.get(victim)?.kill9 ?? Effect.die(new Error(`${victim} is not ours`))
          return { victim, reached: (yield* here(reachOf(shadow))) ?? 0 }
        })
        /** Somebody who looks into the former tables keeps the builder from removing them, and so from the switch. */
        const killBeforeSwitch = Effect.gen(function* () {
          const [held, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
          const looking = sql`SELECT FROM history_before.message LIMIT 1`.pipe(
            Effect.andThen(Deferred.succeed(held, undefined)),
            Effect.andThen(Deferred.await(go))
          )
          yield* Effect.forkScoped(here(sql.withTransaction(looking)))
          yield* Deferred.await(held)
          const build = yield* request("history", "rebuild", null)
          const waiting = sql`
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'DROP SCHEMA%'`
          while ((yield* here(waiting)).length === 0) yield* Effect.sleep("5 millis")
          const compared = yield* here(untilBuild("history", ({ comparison }) => comparison !== null))
          assert.strictEqual(compared.state, "running")
          const killed = yield* kill()
          yield* Deferred.succeed(go, undefined)
          return { ...killed, build }
        })
        const killWhileFolding = Effect.fnUntraced(function* (moment: number) {
          const build = yield* request("history", "rebuild", 1_200)
          while (((yield* here(reachOf(shadow))) ?? 0) < moment * eventsBefore)
            yield* Effect.sleep("2 millis")
          return { ...(yield* kill()), build }
        })

        for (const moment of [0.1, seed.random(), "before the switch"]) {
          const { build, reached, victim } = yield* typeof moment === "number"
            ? killWhileFolding(moment)
            : killBeforeSwitch
          const died = performance.now()
          // It is not begun anew: what is made only grows, until it is live.
          let grown = reached
          const watching = yield* Effect.forkScoped(
            Effect.gen(function* () {
              while (true) {
                const now = yield* here(reachOf(shadow))
                if (now === null) return
                assert.isAtLeast(now, grown)
                grown = now
                yield* Effect.sleep("5 millis")
              }
            })
          )
          const done = yield* ended("history")
          const took = performance.now() - died
          yield* Fiber.join(watching)
          assert.deepStrictEqual(
            [done.id, done.state, done.message, done.comparison?.equal, done.comparison?.parked],
            [build.id, "done", null, true, []]
          )
          assert.notStrictEqual(done.node, victim)
          assert.isAtLeast(done.events, eventsBefore)
          console.log(
            `killed rebuild, ${server}, at ${typeof moment === "number" ? `${Math.round(moment * 100)} %` : moment}: ` +
              `${reached} of ${done.events} events were there; done ${took.toFixed(0)} ms later`
          )
          running.set(victim, yield* start(victim))
        }
        yield* Fiber.interrupt(talking)
        yield* untilReached((yield* here(Talk.say(pairs[0], "worker", "the last"))).token)
        yield* equalRebuilds
      }).pipe(Effect.scoped, Effect.provideService(References.MinimumLogLevel, "Error")),
    180_000
  )
})

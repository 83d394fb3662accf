import { assert, it } from "@effect/vitest"
import * as BuildJobs from "@indelible/projections/engine/build/BuildJobs"
import { shadowOf } from "@indelible/projections/engine/Sets"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import { Duration, Effect, type Layer, type Scope } from "effect"
import {
  ended,
  eventsOfATalk,
  layer,
  nodeOf,
  request,
  talkOf,
  untilBuild,
  watched
} from "../../contract/projections/BuildNode.ts"
import { catchUpAll } from "../../contract/projections/ReadModelDatabase.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"

const shadow = shadowOf("history")

for (const server of TestDatabase.oneServer()) {
  const test = <E>(
    name: string,
    body: Effect.Effect<void, E, Scope.Scope | Layer.Success<ReturnType<typeof layer>>>
  ) => it.live(`${name} (${server})`, () => Effect.provide(Effect.scoped(body), layer(server)))

  test(
    "a throttled build keeps to its rate, and a new limit holds at once",
    Effect.gen(function* () {
      const pairs = yield* talkOf(250)
      const total = pairs.length * eventsOfATalk
      yield* catchUpAll
      const writes: Array<{ readonly at: number; readonly events: number }> = []
      const timed = watched(historyProjection, {
        write: (set, events) =>
          Effect.sync(() => void (set === shadow && writes.push({ at: performance.now(), events })))
      })
      yield* Effect.forkScoped(nodeOf([timed]))
      const rate = 250
      yield* request("verify", "history", rate)
      assert.strictEqual((yield* ended("history")).state, "done")
      const [first, last] = [writes[0], writes.at(-1)]
      if (first === undefined || last === undefined) return assert.fail("nothing was written")
      assert.strictEqual(
        writes.reduce((sum, { events }) => sum + events, 0),
        total
      )
      // What was written between the first page and the last; both lanes begin with a page each.
      const between = total - first.events - last.events
      const measured = (between * 1_000) / (last.at - first.at)
      console.log(`throttled to ${rate} events/s: ${measured.toFixed(0)} events/s`)
      assert.isBelow(measured, rate * 1.3)
      assert.isAbove(measured, rate * 0.7)

      writes.length = 0
      yield* request("verify", "history", 1)
      yield* untilBuild("history", ({ state, events }) => state === "running" && events > 0)
      yield* BuildJobs.throttle("history", null)
      const [took, done] = yield* Effect.timed(ended("history"))
      assert.strictEqual(done.maxRate, null)
      // At one event a second each of its pages would have been waited for a minute or so.
      assert.isBelow(Duration.toMillis(took), 20_000)
    })
  )
}

import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import { Effect } from "effect"
import { freshStream, streamIn } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { make } from "./LogWorld.ts"
import * as RawWriter from "./RawWriter.ts"
import { beside, timed } from "./Traffic.ts"

describe.each(TestDatabase.oldestServer())("a row that others hold by hand, on %s", (server) => {
  it.live("only that conversation waits, is answered Busy after 2 s, and works after", () =>
    Effect.gen(function* () {
      const world = yield* make(server)
      const store = yield* world.node("a")
      const raw = yield* RawWriter.make(world.url)
      const held = freshStream()
      const neighbour = streamIn(sliceOf(held))
      yield* timed(store, held)
      const id = randomUUID()
      const waiting = Effect.gen(function* () {
        yield* raw.begin
        yield* raw.run("SELECT FROM stream WHERE stream_id = $1 FOR UPDATE", [held])
        // Two rounds: the second finds the line that the first has left.
        const first = yield* Effect.all([timed(store, held, id), timed(store, held), timed(store, held)], {
          concurrency: "unbounded"
        })
        const second = yield* timed(store, held)
        yield* raw.commit
        return [...first, second]
      })
      const others = [neighbour, ...Array.from({ length: 30 }, freshStream)]
      const answers = yield* beside(`row held, ${server}`, store, others, Effect.orDie(waiting))
      console.log(
        `row held, ${server}: busy after ${answers.map(({ millis }) => millis.toFixed(0)).join(", ")} ms`
      )
      for (const { millis, outcome } of answers) {
        assert.strictEqual(outcome, "Busy")
        assert.isAbove(millis, 1_900)
        assert.isBelow(millis, 2_600)
      }
      const after = yield* timed(store, held, id)
      assert.strictEqual(after.outcome, "ok")
      assert.isBelow(after.millis, 500)
    })
  )
})

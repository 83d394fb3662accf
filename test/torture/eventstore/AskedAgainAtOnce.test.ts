import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { meta, notebook, streamIn, turnTo } from "../../contract/Notebook.ts"
import { make } from "./LogWorld.ts"
import * as RawWriter from "./RawWriter.ts"
import { timed } from "./Traffic.ts"

const slice = 42

describe("a caller that asks again in the moment it is answered", () => {
  it.live("is answered every time, whatever the answer was", () =>
    Effect.gen(function* () {
      const world = yield* make("embedded")
      const store = yield* world.node("a", { lanes: 1 })
      const raw = yield* RawWriter.make(world.url)
      yield* raw.begin
      yield* raw.lock(slice)
      let going = true
      let asked = 0
      let answered = 0
      const caller = Effect.gen(function* () {
        while (going) {
          asked += 1
          yield* timed(store, streamIn(slice))
          answered += 1
        }
      })
      const callers = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 40 }, () => caller),
          { concurrency: "unbounded" }
        )
      )
      // Twice round and more: each asked, was told Busy, and asked again while the slice was still held.
      while (asked <= 2 * 40) yield* Effect.sleep("10 millis")
      going = false
      yield* raw.commit
      yield* Effect.timeout(Fiber.join(callers), "5 seconds")
      assert.strictEqual(answered, asked)
    })
  )

  it.live("with the same id while a copy waits: the copy is answered as well", () =>
    Effect.gen(function* () {
      const world = yield* make("embedded")
      const store = yield* world.node("a", { lanes: 1 })
      const stream = streamIn(slice)
      const id = randomUUID()
      const turn = store.execute(turnTo, stream, { page: 1 }, meta(id))
      // Already so, three times each: the log remembers none of them, so every copy has a turn of its own.
      const thrice = Effect.andThen(turn, Effect.andThen(turn, turn))
      yield* Effect.timeout(
        Effect.all(
          Array.from({ length: 20 }, () => thrice),
          { concurrency: "unbounded" }
        ),
        "5 seconds"
      )
      assert.isEmpty(yield* store.heads(notebook, [stream]))
    })
  )
})

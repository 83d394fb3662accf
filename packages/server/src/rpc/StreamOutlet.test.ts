import { assert, describe, it } from "@effect/vitest"
import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Effect, Queue } from "effect"
import { NotCaughtUp, SessionOver, type StreamEnd, StreamOutlet } from "./StreamOutlet.ts"

const opened = Effect.gen(function* () {
  const frames = yield* Queue.unbounded<string, StreamEnd>()
  const outlet = new StreamOutlet(frames, { pinged: () => {}, over: () => {} })
  outlet.send("held")
  return { frames, outlet }
})

const endOf = (frames: Queue.Dequeue<string, StreamEnd>) =>
  Effect.andThen(Queue.takeAll(frames), Effect.flip(Queue.take(frames)))

describe("what a stream shows a session by", () => {
  it.effect("passes on what came before its end", () =>
    Effect.gen(function* () {
      const { frames, outlet } = yield* opened
      outlet.close(CloseCode.draining)
      outlet.send("later")
      assert.isFalse(outlet.discards)
      assert.deepStrictEqual(yield* endOf(frames), new SessionOver({ code: CloseCode.draining }))
    })
  )

  it.effect("lets what waits go when it was not caught up, or is not taken", () =>
    Effect.gen(function* () {
      const behind = yield* opened
      behind.outlet.refuse({ code: "unavailable", message: "away", retryAfterMs: 1_000 })
      behind.outlet.close(CloseCode.draining)
      assert.isTrue(behind.outlet.discards)
      const gap = new NotCaughtUp({ code: "unavailable", retryAfterMs: 1_000 })
      assert.deepStrictEqual(yield* endOf(behind.frames), gap)
      const slow = yield* opened
      slow.outlet.close(CloseCode.tooSlow)
      assert.isTrue(slow.outlet.discards)
    })
  )
})

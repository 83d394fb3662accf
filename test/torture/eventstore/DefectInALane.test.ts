import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { freshStream, meta, note, owner } from "../../contract/Notebook.ts"
import { make } from "./LogWorld.ts"

/** Randomness that fails once when it is told to, in the middle of a batch: as good a bug as any. */
const failingOnce = Effect.gen(function* () {
  const random = Context.get(yield* Layer.build(SecureRandom.layerWebCrypto), SecureRandom.SecureRandom)
  let armed = false
  return {
    arm: Effect.sync(() => {
      armed = true
    }),
    random: SecureRandom.SecureRandom.of({
      ...random,
      randomBytes: (size) =>
        Effect.suspend(() => {
          if (!armed) return random.randomBytes(size)
          armed = false
          return Effect.die(new Error("planted"))
        })
    })
  }
})

describe("a defect inside a batch", () => {
  it.live("leaves nobody without an answer, and the line working", () =>
    Effect.gen(function* () {
      const world = yield* make("embedded")
      const { arm, random } = yield* failingOnce
      const store = yield* world.node("a", { lanes: 1, random })
      const write = Effect.suspend(() => store.execute(note, freshStream(), { owner, text: "x" }, meta()))
      yield* write
      yield* arm
      assert.strictEqual((yield* Effect.flip(write))._tag, "OutcomeUnknown")
      assert.strictEqual((yield* write).repeat, false)
    })
  )
})

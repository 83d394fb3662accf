import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import * as AesMasterKey from "./AesMasterKey.ts"

const masterKey = (fill: number) => AesMasterKey.make(Redacted.make(new Uint8Array(32).fill(fill)))
const secret = new TextEncoder().encode("a content key, 32 bytes of it...")

const reasonOf = <A>(effect: Effect.Effect<A, { readonly reason: string }>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason)

describe("AesMasterKey", () => {
  const scenario = <E>(name: string, body: Effect.Effect<void, E, SecureRandom.SecureRandom>) =>
    it.effect(name, () => Effect.provide(body, SecureRandom.layerWebCrypto))

  scenario(
    "unwraps what it wrapped, and never wraps alike twice",
    Effect.gen(function* () {
      const key = yield* masterKey(1)
      const [one, two] = [yield* key.wrap(secret, "a"), yield* key.wrap(secret, "a")]
      assert.notDeepEqual(one, two)
      assert.deepStrictEqual(Buffer.from(yield* key.unwrap(one, "a")), Buffer.from(secret))
      assert.strictEqual(Buffer.from(one).indexOf(secret), -1)
    })
  )

  scenario(
    "tells another master key from damage",
    Effect.gen(function* () {
      const [key, stranger] = [yield* masterKey(1), yield* masterKey(2)]
      assert.notStrictEqual(key.keyId, stranger.keyId)
      const wrapped = yield* key.wrap(secret, "a")
      assert.strictEqual(yield* reasonOf(stranger.unwrap(wrapped, "a")), "other-key")
      assert.strictEqual(yield* reasonOf(key.unwrap(wrapped, "b")), "damaged")
      assert.strictEqual(yield* reasonOf(key.unwrap(wrapped.subarray(0, 20), "a")), "damaged")
    })
  )

  scenario(
    "refuses wrapped bytes with any one byte changed",
    Effect.gen(function* () {
      const key = yield* masterKey(1)
      const wrapped = yield* key.wrap(secret, "a")
      for (let index = 0; index < wrapped.length; index++) {
        const changed = wrapped.map((byte, at) => (at === index ? byte ^ 1 : byte))
        const reason = yield* reasonOf(key.unwrap(changed, "a"))
        assert.strictEqual(reason, index >= 1 && index <= 8 ? "other-key" : "damaged")
      }
    })
  )
})

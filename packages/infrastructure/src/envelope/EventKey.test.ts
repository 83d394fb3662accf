import { hkdfSync } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { eventKey } from "./EventKey.ts"

const Key = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))).check(
  Schema.isMinLength(32),
  Schema.isMaxLength(32)
)

describe("EventKey", () => {
  it.prop(
    "is what node:crypto derives by HKDF-SHA-256 (RFC 5869)",
    [Key, Schema.String, Schema.Int],
    ([bytes, stream, pos]) => {
      const key = Uint8Array.from(bytes)
      const expected = new Uint8Array(hkdfSync("sha256", key, new Uint8Array(0), `${stream}\0${pos}`, 32))
      assert.deepStrictEqual(new Uint8Array(eventKey(key, stream, pos)), expected)
      // From the cache as well.
      assert.deepStrictEqual(new Uint8Array(eventKey(key, stream, pos)), expected)
    }
  )
})

import { randomBytes } from "node:crypto"
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import * as EnvironmentMasterKey from "./EnvironmentMasterKey.ts"
import { MasterKey } from "./MasterKey.ts"

const bytes = Buffer.from(Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 251) % 256))
const parse = (text: string) => EnvironmentMasterKey.parse(Redacted.make(text))

describe("EnvironmentMasterKey", () => {
  it.each([
    ["hexadecimal", bytes.toString("hex")],
    ["upper case", bytes.toString("hex").toUpperCase()],
    ["base64", bytes.toString("base64")],
    ["base64 without padding", bytes.toString("base64").replace("=", "")],
    ["base64url", bytes.toString("base64url")],
    ["with a line break", `${bytes.toString("hex")}\n`]
  ])("takes 32 bytes in %s", (_, text) => {
    const key = Result.getOrThrow(parse(text))
    assert.deepStrictEqual(Buffer.from(Redacted.value(key)), bytes)
  })

  it.each([
    ["", "32 bytes"],
    ["changeme", "32 bytes"],
    [bytes.subarray(1).toString("hex"), "32 bytes"],
    [bytes.subarray(1).toString("base64"), "32 bytes"],
    [Buffer.concat([bytes, bytes]).toString("base64"), "32 bytes"],
    [bytes.toString("base64").replace("B", "!"), "32 bytes"],
    [`${bytes.toString("hex").slice(0, 63)}g`, "32 bytes"],
    ["0".repeat(64), "not random"],
    [`${"changeme".repeat(6).slice(0, 42)}8`, "not random"],
    ["deadbeef".repeat(8), "not random"]
  ])("C5 refuses %j and does not repeat it", (text, why) => {
    const refusal = Result.getOrThrow(Result.flip(parse(text)))
    assert.include(refusal.message, `MASTER_KEY: `)
    assert.include(refusal.message, why)
    if (text !== "") assert.notInclude(inspect(refusal, { depth: 9 }), text)
  })

  it("takes every random key", () => {
    for (let round = 0; round < 1000; round++) {
      assert(Result.isSuccess(parse(randomBytes(32).toString(round % 2 === 0 ? "hex" : "base64"))))
    }
  })

  it.effect("C5 prints no secret", () =>
    Effect.gen(function* () {
      const text = bytes.toString("hex")
      const key = Result.getOrThrow(parse(text))
      const service = yield* MasterKey.pipe(
        Effect.provide(EnvironmentMasterKey.layer(Redacted.make(text))),
        Effect.provide(SecureRandom.layerWebCrypto)
      )
      for (const thing of [key, service]) {
        const shown = `${String(thing)} ${JSON.stringify(thing)} ${inspect(thing, { depth: 9 })}`
        assert.notInclude(shown, text.slice(0, 16))
        assert.notInclude(shown, `${bytes[0]}, ${bytes[1]}, ${bytes[2]}`)
      }
    })
  )
})

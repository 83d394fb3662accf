import { assert, describe, it } from "@effect/vitest"
import { ConversationIds } from "@indelible/application/conversation/ConversationIds"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Layer, Redacted } from "effect"
import * as HmacConversationIds from "./HmacConversationIds.ts"
import * as InstallationKey from "./InstallationKey.ts"

const one = SubjectId.make("11111111-1111-4111-8111-111111111111")
const two = SubjectId.make("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")

const idsWith = (key: Uint8Array) =>
  ConversationIds.pipe(
    Effect.provide(HmacConversationIds.layer),
    Effect.provide(Layer.succeed(InstallationKey.InstallationKey, InstallationKey.make(Redacted.make(key))), {
      local: true
    })
  )

const counting = Uint8Array.from({ length: 32 }, (_, index) => index)

describe("HmacConversationIds", () => {
  // Computed with: printf 'conversation-id\0%s\0%s\0%s' <application> <one> <two> |
  //   openssl dgst -sha256 -mac HMAC -macopt hexkey:000102..1f, then version and variant set by hand.
  it.effect.each([
    { application: "42", expected: "a4790aee-3b2c-844e-bd2d-be976fe72156" },
    { application: "Bewerbung-ä/8", expected: "26423812-6b97-8c12-ad44-bd886d0739f3" }
  ])("REQ-MSG-001 names the conversation of $application as it always did", ({ application, expected }) =>
    Effect.gen(function* () {
      const ids = yield* idsWith(counting)
      assert.strictEqual(ids.idFor(application, one, two), expected)
      assert.strictEqual(ids.idFor(application, two, one), expected)
    })
  )

  it.effect("REQ-MSG-001 names differ by application, by person and by installation", () =>
    Effect.gen(function* () {
      const [here, there] = [yield* idsWith(counting), yield* idsWith(counting.toReversed())]
      const names = [
        here.idFor("42", one, two),
        here.idFor("43", one, two),
        here.idFor("42", one, one),
        there.idFor("42", one, two)
      ]
      assert.strictEqual(new Set(names).size, names.length)
    })
  )
})

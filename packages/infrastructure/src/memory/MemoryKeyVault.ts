import { contentKeyId } from "@indelible/application/keys/ContentKeyId"
import { type ContentKey, KeyDestroyed, KeyVault } from "@indelible/application/keys/KeyVault"
import { Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"

/** Keys in this process only, unwrapped: for tests and for one process whose record need not outlive it. */
export const layer = Layer.effect(
  KeyVault,
  Effect.gen(function* () {
    const random = yield* SecureRandom.SecureRandom
    /** Null: destroyed. */
    const keys = new Map<string, ContentKey | null>()

    return KeyVault.of({
      keyFor: Effect.fnUntraced(function* (subject, at) {
        const keyId = contentKeyId(subject, at)
        if (!keys.has(keyId)) {
          const bytes = yield* random.randomBytes(32)
          // Another fiber may have made it meanwhile.
          if (!keys.has(keyId)) keys.set(keyId, { keyId, bytes })
        }
        return keys.get(keyId) ?? (yield* new KeyDestroyed({ keyId }))
      }),
      open: (keyIds) =>
        Effect.sync(
          () =>
            new Map(
              keyIds.flatMap((keyId) => {
                const key = keys.get(keyId)
                return key ? [[keyId, key] as const] : []
              })
            )
        ),
      destroy: (keyId) => Effect.sync(() => void keys.set(keyId, null))
    })
  })
)

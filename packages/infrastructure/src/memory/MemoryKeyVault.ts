import {
  contentKeyId,
  contentKeyNonceLength,
  contentKeyPeriod,
  periodOf
} from "@indelible/application/keys/ContentKeyId"
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
    /** Ids of the keys that new content is written under, by period. */
    const current = new Map<string, string>()

    const makeCurrent = Effect.fnUntraced(function* (period: string) {
      const made = contentKeyId(period, yield* random.randomBytes(contentKeyNonceLength))
      const bytes = yield* random.randomBytes(32)
      // Another fiber may have made one meanwhile.
      const winner = current.get(period)
      if (winner !== undefined) return winner
      keys.set(made, { keyId: made, bytes })
      current.set(period, made)
      return made
    })

    return KeyVault.of({
      keyFor: Effect.fnUntraced(function* (subject, at) {
        const period = contentKeyPeriod(subject, at)
        const keyId = current.get(period) ?? (yield* makeCurrent(period))
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
      destroy: (keyId) =>
        Effect.sync(() => {
          keys.set(keyId, null)
          if (!current.has(periodOf(keyId))) current.set(periodOf(keyId), keyId)
        })
    })
  })
)

import type { ContentKey, KeyVault } from "@indelible/application/keys/KeyVault"
import { Unavailable } from "@indelible/application/store/EventStoreError"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect } from "effect"

/**
 * The key for what this person writes now, or null once it was destroyed: then a repeat of what they sent still gets
 * its first answer, and only new content is refused.
 */
export const sealingKey = (
  vault: KeyVault["Service"],
  actor: SubjectId | "system",
  now: number
): Effect.Effect<ContentKey | null, Unavailable> =>
  vault.keyFor(actor, now).pipe(
    Effect.catchTag("KeyDestroyed", () => Effect.succeed(null)),
    Effect.mapError((cause) => new Unavailable({ reason: "keys", cause }))
  )

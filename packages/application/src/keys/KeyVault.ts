import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, type Effect, Schema } from "effect"

/** Keys cannot be read or made now: the database is away, or the master key does not open them. */
export class KeyVaultUnavailable extends Schema.TaggedError<KeyVaultUnavailable>()("KeyVaultUnavailable", {
  cause: Schema.Defect()
}) {
  override get message() {
    return "content keys are unavailable; check that the database is up and that MASTER_KEY is the one they were made with"
  }
}

/** The key for this person and quarter was destroyed on purpose, so nothing new can be written under it. */
export class KeyDestroyed extends Schema.TaggedError<KeyDestroyed>()("KeyDestroyed", {
  keyId: Schema.String
}) {}

export interface ContentKey {
  /** `<subject>/<year>-Q<quarter>`: tells whose content and from when, so retention is computed from a header. */
  readonly keyId: string
  /** 32 bytes. Never used as it is: each event has a key derived from it. */
  readonly bytes: Uint8Array
}

/**
 * One content key a person and quarter, kept only wrapped by the master key.
 *
 * - A key that was handed out is stored already; two nodes that make the same one at once get the same one.
 * - A destroyed key stays destroyed: it is never made again, and every copy on every node is gone within minutes (at
 *   once on the node that destroys it).
 * - Keys are cached for 5 minutes at most.
 */
export class KeyVault extends Context.Service<
  KeyVault,
  {
    /** The key for content a person writes at `at` (epoch milliseconds, quarters in UTC), made if it is the first. */
    readonly keyFor: (
      subject: SubjectId | "system",
      at: number
    ) => Effect.Effect<ContentKey, KeyVaultUnavailable | KeyDestroyed>
    /** The keys that still exist among `keyIds`; one that is absent from the answer was destroyed. */
    readonly open: (
      keyIds: ReadonlyArray<string>
    ) => Effect.Effect<ReadonlyMap<string, ContentKey>, KeyVaultUnavailable>
    /** Destroys a key for good. Destroying twice is destroying once. */
    readonly destroy: (keyId: string) => Effect.Effect<void, KeyVaultUnavailable>
  }
>()("@indelible/application/keys/KeyVault") {}

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
  /**
   * `<subject>/<year>-Q<quarter>/<16 hex digits>`: tells whose content and from when, so retention is computed from a
   * header. The random end makes it the id of this key alone, of none that is made after this one was lost.
   */
  readonly keyId: string
  /** 32 bytes. Never used as it is: each event has a key derived from it. */
  readonly bytes: Uint8Array
}

/**
 * One current content key a person and quarter, kept only wrapped by the master key. Others of the same person and
 * quarter may be beside it, brought back from a backup of a vault that lost them: they open by their id, and nothing
 * new is written under them.
 *
 * - A key that was handed out is stored already; two nodes that make the first one at once get the same one.
 * - A destroyed key stays destroyed, and every copy on every node is gone within minutes (at once on the node that
 *   destroys it). If it was the current one, its person and quarter never get another.
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
    /**
     * Destroys a key for good. Destroying twice is destroying once. A key that the vault does not have is remembered as
     * destroyed, and as the current one if its person and quarter have none.
     */
    readonly destroy: (keyId: string) => Effect.Effect<void, KeyVaultUnavailable>
  }
>()("@indelible/application/keys/KeyVault") {}

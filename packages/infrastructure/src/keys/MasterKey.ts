import { Context, type Effect, Schema } from "effect"

/**
 * Something cannot be wrapped or unwrapped: the key service is away (`unreachable`), the bytes were wrapped by another
 * master key (`other-key`), or they were changed or belong elsewhere (`damaged`).
 */
export class MasterKeyError extends Schema.TaggedError<MasterKeyError>()("MasterKeyError", {
  reason: Schema.Literals(["unreachable", "other-key", "damaged"]),
  detail: Schema.String
}) {
  override get message() {
    return this.detail
  }
}

/** What was given as a master key is none. Never carries the value itself. */
export class MasterKeyRefused extends Schema.TaggedError<MasterKeyRefused>()("MasterKeyRefused", {
  /** Where it was looked for: a variable or a file. */
  place: Schema.String,
  detail: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message() {
    return `${this.place}: ${this.detail}`
  }
}

/**
 * The key over all keys. It never leaves where it lives, as in a key management service: others hand over small
 * secrets and get them back wrapped.
 *
 * - What is wrapped names the master key that wrapped it, so a wrong key is told from damage and several can coexist
 *   during a rotation.
 * - `context` (which secret, whose) is bound to the wrapped bytes: put in another's place, they do not open.
 */
export class MasterKey extends Context.Service<
  MasterKey,
  {
    /** Public name of the key that wraps now. */
    readonly keyId: string
    readonly wrap: (plain: Uint8Array, context: string) => Effect.Effect<Uint8Array, MasterKeyError>
    readonly unwrap: (wrapped: Uint8Array, context: string) => Effect.Effect<Uint8Array, MasterKeyError>
  }
>()("@indelible/infrastructure/keys/MasterKey") {}

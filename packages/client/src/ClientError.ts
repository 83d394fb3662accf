/** What the service itself answers over a connection; `docs/protocol.md` tells what to do. */
export type ServiceErrorCode =
  | "invalid_frame"
  | "unknown_type"
  | "unauthenticated"
  | "forbidden"
  | "conversation_not_found"
  | "message_not_found"
  | "key_reused"
  | "rate_limited"
  | "too_many_joined"
  | "busy"
  | "overloaded"
  | "unavailable"
  | "outcome_unknown"
  | "draining"
  | "internal_error"

/** Why something was not done, where the service itself did not say. */
export type LocalErrorCode =
  /** There is no connection to the service now. */
  | "offline"
  /** The service did not answer in time; for a write, it may or may not have been done. */
  | "timed_out"
  /** No token is to be had, or it was refused. */
  | "signed_out"
  /** The client was closed. */
  | "closed"
  /** The text of a message is empty, too long, or not to be stored. `message` says which. */
  | "invalid_text"
  /** What keeps the outbox and the cache failed, as a full disk does. */
  | "storage_failed"

/**
 * Why something was not done. `code` is stable: one of the service's own (as in `docs/protocol.md` and at `/problems`),
 * or a `LocalErrorCode`. `message` is for whoever reads logs, not for people in a chat.
 */
export class ClientError extends Error {
  override readonly name = "ClientError"
  readonly code: ServiceErrorCode | LocalErrorCode | (string & {})
  /** Milliseconds after which it makes sense to try again, where the service said so. */
  readonly retryAfterMs: number | null

  constructor(
    code: ServiceErrorCode | LocalErrorCode | (string & {}),
    message: string,
    options: { readonly retryAfterMs?: number | null; readonly cause?: unknown } = {}
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}

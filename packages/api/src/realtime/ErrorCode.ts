import { Schema } from "effect"

/**
 * Why a frame was refused, by the names that REST has for the same. Unless said otherwise nothing was changed, and the
 * socket lives on.
 */
export const ErrorCode = Schema.Literals([
  /** Not JSON, not an object, or a field missing, unknown or malformed; `fields` names which. */
  "invalid_frame",
  /** No frame of this type exists. */
  "unknown_type",
  /** `authenticate` first; or the token was not accepted. */
  "unauthenticated",
  /** The token is good, but not for this: no business user or worker stands behind it, or another than the session's. */
  "forbidden",
  /** There is no such conversation, as far as this person may know. */
  "conversation_not_found",
  /** Nothing is at this position of the conversation. */
  "message_not_found",
  /** The `clientMessageId` was used before for something else; the first content stays. */
  "key_reused",
  /** This person sent as many messages as they may for now, on whatever interface; try again after `retryAfterMs`. */
  "rate_limited",
  /** This socket joined as many conversations as one may; leave one. */
  "too_many_joined",
  /** The conversation is taken for longer than the server waits; try again. */
  "busy",
  /** Too much waits to be saved; try again after `retryAfterMs`. */
  "overloaded",
  /** A part that is needed is away; try again after `retryAfterMs`. */
  "unavailable",
  /** It may or may not have been saved: the same frame with the same `clientMessageId` settles it. */
  "outcome_unknown",
  /** The node stops; connect again. */
  "draining",
  /** A fault of the server; it was logged. Whether something was saved is not known. */
  "internal_error"
])
export type ErrorCode = typeof ErrorCode.Type

import { Schema } from "effect"

/** Why a token was refused. For the log and the metric; clients are never told, so that probing teaches nothing. */
export const RefusalReason = Schema.Literals([
  "malformed",
  "too-long",
  "algorithm",
  "type",
  "key-id",
  "unknown-key",
  "unusable-key",
  "signature",
  "issuer",
  "audience",
  "expired",
  "not-yet-valid",
  "issued-in-future",
  "claims",
  "id-token",
  "role",
  "unknown-person",
  "suspended",
  "left",
  "signed-out"
])
export type RefusalReason = typeof RefusalReason.Type

/** This token opens nothing. One message for every reason; `reason` names the check, never anything the token said. */
export class Unauthenticated extends Schema.TaggedError<Unauthenticated>()("Unauthenticated", {
  reason: RefusalReason
}) {
  override get message() {
    return "sign in again: the token is missing, not valid, or no longer accepted"
  }
}

/** Whether the token is good cannot be told now: nobody is let in, and nobody should be signed out for it. */
export class IdentityUnavailable extends Schema.TaggedError<IdentityUnavailable>()("IdentityUnavailable", {
  part: Schema.Literals(["directory", "keys"]),
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message() {
    return "sign-in cannot be checked at the moment; try again"
  }
}

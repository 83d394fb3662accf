import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Schema } from "effect"

/**
 * What is hashed and, later, sealed: these fields in this order as JSON in UTF-8, written once and never re-encoded.
 * Every field is always present, null where it does not apply.
 */
export const EventHeader = Schema.Struct({
  /** Version of this envelope. */
  v: Schema.Literal(1),
  streamId: Schema.String,
  /** Position in the stream, dense from 1. */
  streamPos: Schema.Int,
  type: Schema.String,
  schemaVersion: Schema.Int,
  /** ISO 8601 UTC with milliseconds; never earlier than the stream's last. */
  recordedAt: Schema.String,
  /** Who did it: a pseudonym, or `system`. */
  actor: Schema.Union([SubjectId, Schema.Literal("system")]),
  /** The two people of a conversation; empty elsewhere. */
  participants: Schema.Array(SubjectId),
  /** The content key the body is under; null with keyCommitment and bodyHash when there is no body. */
  keyId: Schema.NullOr(Schema.String),
  /** Hex SHA-256 over a label and the event's own derived key: opening shows that no other key was used. */
  keyCommitment: Schema.NullOr(Schema.String),
  /** Hex SHA-256 of the stored body, nonce and tag included. */
  bodyHash: Schema.NullOr(Schema.String),
  correlationId: Schema.String,
  causationId: Schema.NullOr(Schema.String),
  /** The node that recorded it. */
  node: Schema.String,
  /** The kind of client it came through, such as `rest` or `websocket`. */
  client: Schema.String,
  /** Sender and the client's command id: `<actor>/<command id>`. */
  commandKey: Schema.String,
  /** Place among the events of one command, from 0. */
  ordinal: Schema.Int,
  /** The event's facts as JSON, in the shape of its schema version. */
  facts: Schema.Unknown
})
export type EventHeader = typeof EventHeader.Type

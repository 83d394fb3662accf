import { Metadata } from "@indelible/domain/conversation/ConversationEvent"
import { Schema } from "effect"

const Instant = Schema.String

/** A message as the service has it on record, and as this device keeps it. */
export const StoredMessage = Schema.Struct({
  kind: Schema.Literal("message"),
  pos: Schema.Int,
  id: Schema.String,
  seq: Schema.Int,
  mine: Schema.Boolean,
  text: Schema.NullOr(Schema.String),
  metadata: Schema.NullOr(Metadata),
  sentAt: Instant,
  clientMessageId: Schema.NullOr(Schema.String),
  deliveredAt: Schema.NullOr(Instant),
  readAt: Schema.NullOr(Instant)
})
export type StoredMessage = typeof StoredMessage.Type

const StoredSystem = Schema.Struct({
  kind: Schema.Literal("system"),
  pos: Schema.Int,
  at: Instant,
  change: Schema.Literals(["archived", "reopened"]),
  by: Schema.Literals(["me", "other", "system"]),
  cause: Schema.Literals(["request", "inactivity", "message"])
})

export const StoredEntry = Schema.Union([StoredMessage, StoredSystem])
export type StoredEntry = typeof StoredEntry.Type

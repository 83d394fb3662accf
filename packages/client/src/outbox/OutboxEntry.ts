import { Metadata } from "@indelible/domain/conversation/ConversationEvent"
import { Schema } from "effect"

/** A message that the service may not have on record yet, as this device keeps it. */
export const OutboxEntry = Schema.Struct({
  clientMessageId: Schema.String,
  conversationId: Schema.String,
  text: Schema.String,
  metadata: Schema.NullOr(Metadata),
  /** ISO 8601. */
  writtenAt: Schema.String,
  /** They go out ascending. */
  order: Schema.Finite,
  /** Times that the service refused it for now, or did not answer. */
  attempts: Schema.Int,
  /** Why it waits for a tap; null: it goes out by itself. */
  failure: Schema.NullOr(
    Schema.Struct({
      code: Schema.String,
      message: Schema.String,
      retryAfterMs: Schema.NullOr(Schema.Finite)
    })
  )
})
export type OutboxEntry = typeof OutboxEntry.Type
export type OutboxFailure = NonNullable<OutboxEntry["failure"]>

/** What trying again will not change: those behind it go on without it. */
export const finalCodes: ReadonlySet<string> = new Set([
  "invalid_frame",
  "forbidden",
  "conversation_not_found",
  "key_reused"
])

export const isFinal = ({ failure }: OutboxEntry): boolean => failure !== null && finalCodes.has(failure.code)

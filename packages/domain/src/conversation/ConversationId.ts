import { Schema } from "effect"
import { LowercaseUuid } from "../LowercaseUuid.ts"

/**
 * A conversation's id: a UUIDv8 (RFC 9562, 5.8) computed from the application and both people, so that two
 * simultaneous starts of one conversation meet in one stream.
 */
export const ConversationId = LowercaseUuid.check(
  Schema.isPattern(/^.{14}8/u, { expected: "a conversation id" })
).pipe(Schema.brand("ConversationId"))
export type ConversationId = typeof ConversationId.Type

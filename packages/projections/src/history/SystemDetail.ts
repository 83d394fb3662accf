import { Side } from "@indelible/domain/conversation/ConversationEvent"
import { Schema } from "effect"

/** What a SYSTEM entry tells. */
export const SystemDetail = Schema.Union([
  Schema.Struct({ event: Schema.Literal("archived"), by: Schema.Union([Side, Schema.Literal("system")]) }),
  Schema.Struct({
    event: Schema.Literal("reopened"),
    by: Side,
    /** `message`: the entry before a message that re-opened the conversation. */
    cause: Schema.Literals(["message", "request"])
  })
])
export type SystemDetail = typeof SystemDetail.Type

import { ArchiveCause, Side, unwrittenArchiveCause } from "@indelible/domain/conversation/ConversationEvent"
import { Schema, SchemaTransformation } from "effect"

const archived = {
  event: Schema.Literal("archived"),
  by: Schema.Union([Side, Schema.Literal("system")])
}

/**
 * Rows made for version 1 of this read model have no cause. They are read all the same until it is built anew: by the
 * rule that old events are read by, so that the rebuild changes the rows and nothing that anyone sees.
 */
const Archived = Schema.Struct({ ...archived, cause: Schema.optionalKey(ArchiveCause) }).pipe(
  Schema.decodeTo(
    Schema.Struct({ ...archived, cause: ArchiveCause }),
    SchemaTransformation.transform({
      decode: ({ by, cause, event }) => ({ event, by, cause: cause ?? unwrittenArchiveCause(by) }),
      encode: (detail) => detail
    })
  )
)

/** What a SYSTEM entry tells. */
export const SystemDetail = Schema.Union([
  Archived,
  Schema.Struct({
    event: Schema.Literal("reopened"),
    by: Side,
    /** `message`: the entry before a message that re-opened the conversation. */
    cause: Schema.Literals(["message", "request"])
  })
])
export type SystemDetail = typeof SystemDetail.Type

import { Schema } from "effect"

/** Whether somebody has a device connected. */
export const PresenceView = Schema.Struct({
  online: Schema.Boolean,
  lastSeenAt: Schema.NullOr(Schema.String).annotate({
    description: "When their last device went, kept for 30 days; null while they are online, or not known."
  })
}).annotate({ identifier: "Presence" })
export type PresenceView = typeof PresenceView.Type

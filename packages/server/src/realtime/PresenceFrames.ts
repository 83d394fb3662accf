import type { Joined, ServerFrame } from "@indelible/api/realtime/ServerFrame"
import type { PersonPresence } from "@indelible/application/live/Presence"

const instant = (millis: number | null) => (millis === null ? null : new Date(millis).toISOString())

/** Somebody's presence as `joined` tells it. */
export const presenceIn = (
  userId: string,
  { lastSeenAt, online }: PersonPresence
): (typeof Joined.Type)["other"] => ({ userId, online, lastSeenAt: instant(lastSeenAt) })

/** The same when it changed. */
export const presenceFrame = (userId: string, { lastSeenAt, online }: PersonPresence): ServerFrame =>
  online ? { type: "user_online", userId } : { type: "user_offline", userId, lastSeenAt: instant(lastSeenAt) }

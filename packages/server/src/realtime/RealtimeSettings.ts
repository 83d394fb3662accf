import { Context } from "effect"
import { type ConnectionSettings, connectionSettings } from "./ConnectionSettings.ts"

/** Times in milliseconds, sizes in bytes. The defaults are what the protocol promises; tests narrow them. */
export interface RealtimeSettings extends ConnectionSettings {
  readonly path: string
  /** What may wait unread for one socket. */
  readonly maxUnread: number
  readonly maxSockets: number
  readonly maxJoined: number
  /** Frames a second that a socket may send, and how many at once. */
  readonly framesPerSecond: number
  readonly frameBurst: number
  /** Frames of one socket that may wait for the one before them. */
  readonly maxWaiting: number
  /** The same for all sockets together, and how many are worked on at once. */
  readonly maxWaitingInAll: number
  readonly maxInFlight: number
}

export const RealtimeSettings = Context.Reference<RealtimeSettings>(
  "@indelible/server/realtime/RealtimeSettings",
  {
    defaultValue: () => ({
      ...connectionSettings,
      path: "/ws",
      maxUnread: 1024 * 1024,
      maxSockets: 20_000,
      maxJoined: 500,
      framesPerSecond: 50,
      frameBurst: 100,
      maxWaiting: 64,
      maxWaitingInAll: 10_000,
      maxInFlight: 512
    })
  }
)

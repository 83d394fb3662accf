import { Context } from "effect"

/** Times in milliseconds, sizes in bytes. The defaults are what the protocol promises; tests narrow them. */
export interface RealtimeSettings {
  readonly path: string
  /** Origins of web pages that may connect besides the server's own, such as `https://app.example.com`. */
  readonly allowedOrigins: ReadonlyArray<string>
  /** How long a socket may stay without a valid token. */
  readonly authenticateWithin: number
  /** A socket that did not answer the last ping by the next one is cut. */
  readonly pingEvery: number
  /** How long the other side may take to agree to a close; then the line is cut. */
  readonly closeWithin: number
  /** The longest inbound frame. */
  readonly maxFrame: number
  /** What may wait unread for one socket. */
  readonly maxUnread: number
  readonly maxSockets: number
  readonly maxSocketsPerUser: number
  readonly maxJoined: number
  /** Frames a second that a socket may send, and how many at once. */
  readonly framesPerSecond: number
  readonly frameBurst: number
  /** Frames of one socket that may wait for the one before them. */
  readonly maxWaiting: number
  /** The same for all sockets together, and how many are worked on at once. */
  readonly maxWaitingInAll: number
  readonly maxInFlight: number
  readonly drainWithin: number
}

export const RealtimeSettings = Context.Reference<RealtimeSettings>(
  "@indelible/server/realtime/RealtimeSettings",
  {
    defaultValue: () => ({
      path: "/ws",
      allowedOrigins: [],
      authenticateWithin: 5_000,
      pingEvery: 30_000,
      closeWithin: 10_000,
      maxFrame: 64 * 1024,
      maxUnread: 1024 * 1024,
      maxSockets: 20_000,
      maxSocketsPerUser: 50,
      maxJoined: 500,
      framesPerSecond: 50,
      frameBurst: 100,
      maxWaiting: 64,
      maxWaitingInAll: 10_000,
      maxInFlight: 512,
      drainWithin: 3_000
    })
  }
)

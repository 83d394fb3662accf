import { Context } from "effect"
import { type ConnectionSettings, connectionSettings } from "../realtime/ConnectionSettings.ts"

/** Where calls come in over HTTP. */
export const callsPath = "/rpc"

/** Times in milliseconds, sizes in bytes. The defaults are what `docs/rpc.md` promises; tests narrow them. */
export interface RpcSettings extends ConnectionSettings {
  /** Where connections do. */
  readonly connectionPath: string
  /** What may wait unread for a connection when there is more to send. */
  readonly maxUnread: number
  readonly maxConnections: number
  /** Calls of a connection that are worked on at once; more wait for their turn. */
  readonly maxInFlight: number
  /** Calls of a connection that may wait; while there are more, nothing is read. */
  readonly maxWaiting: number
  /** Calls of a connection that are begun a second, and after a pause at once; more wait for their turn. */
  readonly callsPerSecond: number
  readonly callBurst: number
  /** Streams of a connection besides. */
  readonly maxFollows: number
  /**
   * Messages a second, and at once, that are neither calls nor anything that a call pays for: pings, mistakes, and all
   * that comes before signing in.
   */
  readonly straysPerSecond: number
  readonly strayBurst: number
}

export const RpcSettings = Context.Reference<RpcSettings>("@indelible/server/rpc/RpcSettings", {
  defaultValue: () => ({
    ...connectionSettings,
    connectionPath: "/rpc/ws",
    maxUnread: 4 * 1024 * 1024,
    maxConnections: 5_000,
    maxInFlight: 32,
    maxWaiting: 256,
    callsPerSecond: 250,
    callBurst: 500,
    maxFollows: 4,
    straysPerSecond: 50,
    strayBurst: 100
  })
})

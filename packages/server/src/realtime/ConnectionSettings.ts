import type { Settings } from "../settings/Settings.ts"

/** What holds for WebSockets of either interface. Times in milliseconds, sizes in bytes. */
export interface ConnectionSettings {
  /** Origins of web pages that may connect besides the server's own, such as `https://app.example.com`. */
  readonly allowedOrigins: ReadonlyArray<string>
  /** Of one person, over both interfaces and all nodes; of one program on each node. */
  readonly maxConnectionsPerUser: number
  /** How long one may stay without a valid token. */
  readonly authenticateWithin: number
  /** One that did not answer the last ping by the next one is cut. */
  readonly pingEvery: number
  /** How long the other side may take to agree to a close; then the line is cut. */
  readonly closeWithin: number
  /** The longest inbound message. */
  readonly maxFrame: number
  /** How long a node that stops waits for what was begun. */
  readonly drainWithin: number
}

export const connectionSettings: ConnectionSettings = {
  allowedOrigins: [],
  maxConnectionsPerUser: 50,
  authenticateWithin: 5_000,
  pingEvery: 30_000,
  closeWithin: 10_000,
  maxFrame: 64 * 1024,
  drainWithin: 3_000
}

/** What operators say of it, for both interfaces alike. */
export const asConfigured = ({
  corsOrigins,
  pingInterval
}: Pick<Settings, "corsOrigins" | "pingInterval">) => ({
  allowedOrigins: corsOrigins,
  pingEvery: pingInterval * 1_000
})

/**
 * What a session needs of the connection it runs over. A WebSocket of `ws` is one as it is, so an idle socket costs
 * nothing more; whatever else frames flow into is made to look like it.
 */
export interface Outlet {
  readonly readyState: number
  /** What `readyState` is while frames are taken. */
  readonly OPEN: number
  /** Bytes that were sent and not yet taken by the other side. */
  readonly bufferedAmount: number
  send(frame: string): void
  close(code: number, reason: string): void
  ping(): void
  /** Ends it without a goodbye. */
  terminate(): void
}

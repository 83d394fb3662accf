/** How much of everything. */
export interface Scale {
  readonly rounds: number
  readonly connections: ReadonlyArray<number>
  readonly open: {
    readonly conversations: number
    readonly perSecond: ReadonlyArray<number>
    readonly seconds: number
    /** The steady rate of which the burst is ten times. */
    readonly steady: number
    readonly burstSeconds: number
  }
  readonly closed: { readonly senders: number; readonly seconds: number }
  readonly burst: { readonly senders: number; readonly each: number }
  readonly storm: { readonly sockets: number; readonly within: number; readonly idleSeconds: number }
}

/** What the goals are about. */
export const full: Scale = {
  rounds: 3,
  connections: [1_000, 5_000, 10_000],
  open: { conversations: 500, perSecond: [100, 500, 1_000], seconds: 15, steady: 100, burstSeconds: 10 },
  closed: { senders: 64, seconds: 10 },
  burst: { senders: 50, each: 20 },
  storm: { sockets: 5_000, within: 5, idleSeconds: 10 }
}

/** Whether everything still runs; the figures say little. */
export const quick: Scale = {
  rounds: 1,
  connections: [50, 100],
  open: { conversations: 20, perSecond: [20, 50], seconds: 2, steady: 20, burstSeconds: 2 },
  closed: { senders: 16, seconds: 2 },
  burst: { senders: 10, each: 20 },
  storm: { sockets: 100, within: 1, idleSeconds: 2 }
}

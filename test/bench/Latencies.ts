/** Percentiles of latencies in milliseconds. */
export const percentile = (sorted: ReadonlyArray<number>, p: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN

export const median = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

export interface Measured {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

export const measured = (latencies: ReadonlyArray<number>, elapsedMillis: number, each = 1): Measured => {
  const sorted = [...latencies].sort((a, b) => a - b)
  return {
    perSecond: (latencies.length * each * 1000) / elapsedMillis,
    p50: percentile(sorted, 50),
    p99: percentile(sorted, 99)
  }
}

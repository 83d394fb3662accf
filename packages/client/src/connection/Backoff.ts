import { Effect, Random } from "effect"

export interface Backoff {
  /** Milliseconds: the bound of the first delay, and of all. */
  readonly first: number
  readonly most: number
}

/**
 * Milliseconds before attempt number `attempt` (from 1): anything between 0 and a bound that doubles, so that thousands
 * who lost one server at once do not come back at once. "Full jitter" of M. Brooker, Exponential Backoff And Jitter
 * (AWS Architecture Blog, 2015).
 */
export const delayBefore = (attempt: number, { first, most }: Backoff): Effect.Effect<number> =>
  Effect.map(Random.next, (part) => Math.round(part * Math.min(most, first * 2 ** Math.min(attempt - 1, 30))))

/** Between connections. */
export const reconnecting: Backoff = { first: 500, most: 30_000 }

/** Between attempts to send one message. */
export const resending: Backoff = { first: 1_000, most: 8_000 }

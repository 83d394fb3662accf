import { Context, type Effect, type Scope } from "effect"

/** Longest time a reader of the log sleeps, in milliseconds, when it gets no hints. */
export const slowPollMillis = 250

/** Longest time between two looks at all slices, in milliseconds, while hints name some of them. */
export const fullLookMillis = 1_000

/** How one reader learns of the log's growth. */
export interface LogGrowth {
  /** Ends when there is a hint that was not taken, or after `slowPollMillis`. It never fails. */
  readonly hint: Effect.Effect<void>
  /**
   * Takes what was hinted at: the slices that have probably grown since it was taken last, maybe none, or null when it is
   * time to look at all of them.
   */
  readonly take: Effect.Effect<ReadonlyArray<number> | null>
}

/**
 * Tells readers of the log that it has probably grown, and where, so that they read again sooner than they would by
 * themselves and need not look at every slice.
 *
 * - **A hint, not the truth**: it may be late, doubled, lost, or sent for nothing. What keeps a reader right is that it
 *   reads all slices anyway, about every `slowPollMillis` when it hears nothing, and every `fullLookMillis` when it
 *   does; what it rests between its pages comes on top.
 * - **Latched**: a hint that comes while the reader is busy ends its next wait at once; many hints end one wait.
 */
export class LogWakeUp extends Context.Service<
  LogWakeUp,
  {
    /** Begins to listen. The first look is at all slices. */
    readonly subscribe: Effect.Effect<LogGrowth, never, Scope.Scope>
  }
>()("@indelible/application/store/LogWakeUp") {}

import { Context, type Effect, type Scope } from "effect"

/** Longest time a reader of the log sleeps, in milliseconds, whatever hints it gets. */
export const slowPollMillis = 250

/**
 * Tells readers of the log that it has probably grown, so that they read again sooner than they would by themselves.
 *
 * - **A hint, not the truth**: it may be late, doubled, lost, or sent for nothing. What keeps a reader right is that it
 *   reads the log anyway, every `slowPollMillis` at the latest.
 * - **Latched**: a hint that comes while the reader is busy ends its next wait at once; many hints end one wait.
 */
export class LogWakeUp extends Context.Service<
  LogWakeUp,
  {
    /** Begins to listen; answers one wait, which ends at the next hint or after `slowPollMillis`. It never fails. */
    readonly subscribe: Effect.Effect<Effect.Effect<void>, never, Scope.Scope>
  }
>()("@indelible/application/store/LogWakeUp") {}

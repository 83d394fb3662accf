import { Context, type Effect, type Option, Schema } from "effect"

/** One occasion on which a job is to be done. */
export interface JobRun {
  readonly job: string
  /** Epoch milliseconds. With the job it is the run's name: all nodes must come to the same. */
  readonly dueAt: number
}

/** A turn at a run: the attempt fences it, so that whoever was given up on cannot end what another has taken over. */
export interface JobClaim extends JobRun {
  /** From 1. */
  readonly attempt: number
}

/** When a run that was begun may be begun again. Durations in milliseconds. */
export interface ClaimRules {
  /** So long after it was begun without having ended, its node counts as dead. */
  readonly lease: number
  /** So long after an attempt failed. */
  readonly retryAfter: number
  /** Nor then after as many attempts, dead nodes' included: it may be the job that they died of. */
  readonly mostAttempts: number
}

/** The ledger cannot be reached; the run stands as it did, or as it was to. */
export class JobLedgerUnavailable extends Schema.TaggedError<JobLedgerUnavailable>()("JobLedgerUnavailable", {
  cause: Schema.Defect()
}) {
  override get message() {
    return "the job ledger is unavailable"
  }
}

/**
 * Who does which run of a job, and what came of it, over all nodes.
 *
 * - **Once**: of any number of claims at the same instant one is granted. A run that is done is never claimed again.
 * - **Not forgotten**: one that failed, or whose node died, can be claimed again, as the rules say.
 * - Times are those of the nodes' clocks. If they differ, a run may be taken over as much too early: its work must bear to
 *   be done twice.
 */
export class JobLedger extends Context.Service<
  JobLedger,
  {
    /** None: it is done, given up, or not to be begun now. */
    readonly claim: (
      run: JobRun,
      node: string,
      rules: ClaimRules
    ) => Effect.Effect<Option.Option<JobClaim>, JobLedgerUnavailable>
    /**
     * Ends an attempt; `outcome` is JSON. False: it had been taken over, and nothing was written. Again with the same
     * claim: false as well.
     */
    readonly end: (
      claim: JobClaim,
      state: "done" | "failed",
      outcome: unknown
    ) => Effect.Effect<boolean, JobLedgerUnavailable>
  }
>()("@indelible/application/jobs/JobLedger") {}

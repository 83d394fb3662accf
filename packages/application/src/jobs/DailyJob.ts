import { Cause, Clock, Effect, Exit, Option } from "effect"
import { type ClaimRules, type JobClaim, JobLedger } from "./JobLedger.ts"
import { dayMillis, latest, type TimeOfDay } from "./TimeOfDay.ts"

/** Something to be done once a day, by one node of all. It must bear to be done twice, and to be stopped half way. */
export interface DailyJob<A, E extends { readonly message: string }, R> {
  /** Stored: never rename it. */
  readonly name: string
  readonly at: TimeOfDay
  /** Answers what goes into the ledger, as JSON. If it fails, or has not ended after 59 minutes, it is done again. */
  readonly work: Effect.Effect<A, E, R>
}

const minute = 60_000
const rules: ClaimRules = { lease: 60 * minute, retryAfter: 5 * minute, mostAttempts: 5 }

/** Before another node may take over. */
const mostMillis = rules.lease - minute

/** How often it is looked whether the run failed, or its node died, and may be begun again. */
const lookAgainMillis = rules.retryAfter

/** Of a defect only the name is told: its words might quote anything. */
const describe = (cause: Cause.Cause<{ readonly message: string }>): string =>
  Option.match(Cause.findErrorOption(cause), {
    onSome: ({ message }) => message,
    onNone: () => {
      if (Cause.hasInterruptsOnly(cause)) return "its node stopped"
      const defect = Cause.squash(cause)
      return `it died of ${defect instanceof Error ? defect.name : "something"}`
    }
  })

/** Whatever goes wrong today, tomorrow's run is still wanted; only the node's end ends the job. */
const goingOn =
  <B, R2>(otherwise: (reason: string) => Effect.Effect<B, never, R2>) =>
  <A, E extends { readonly message: string }, R>(
    effect: Effect.Effect<A, E, R>
  ): Effect.Effect<A | B, never, R | R2> =>
    Effect.catchCause(effect, (cause) =>
      Cause.hasInterrupts(cause) ? Effect.interrupt : otherwise(describe(cause))
    )

const attempt = Effect.fn("DailyJob.attempt")(function* <A, E extends { readonly message: string }, R>(
  { name, work }: DailyJob<A, E, R>,
  claim: JobClaim
) {
  const ledger = yield* JobLedger
  const told = `job ${name} due ${new Date(claim.dueAt).toISOString()}, attempt ${claim.attempt}`
  yield* Effect.logInfo(`${told}: begun`)
  const end = (state: "done" | "failed", outcome: unknown) =>
    ledger.end(claim, state, outcome).pipe(
      Effect.timeout("5 seconds"),
      Effect.flatMap((written) =>
        written ? Effect.void : Effect.logWarning(`${told}: another node has taken over`)
      ),
      goingOn((reason) => Effect.logWarning(`${told}: its end could not be noted: ${reason}`))
    )
  yield* work.pipe(
    Effect.timeout(mostMillis),
    // Also when the node stops: then another need not wait for the lease to run out.
    Effect.onExit((exit) => {
      if (Exit.isSuccess(exit))
        return Effect.andThen(end("done", exit.value), Effect.logInfo(`${told}: done`))
      const error = describe(exit.cause)
      const tell = Cause.hasInterruptsOnly(exit.cause) ? Effect.logInfo : Effect.logError
      return Effect.andThen(end("failed", { error }), tell(`${told}: ${error}`))
    }),
    goingOn(() => Effect.void)
  )
})

/**
 * Does a job every day, together with the other nodes that do the same: one of them has each run. A run that was missed
 * because no node was there is made up for when one is, the latest only. One that fails is tried again 5 to 10 minutes
 * later and given up after 5 attempts; one whose node died is taken over within 65 minutes.
 */
export const everyDay = Effect.fnUntraced(function* <A, E extends { readonly message: string }, R>(
  job: DailyJob<A, E, R>,
  node: string
): Effect.fn.Return<never, never, R | JobLedger> {
  const ledger = yield* JobLedger
  while (true) {
    const dueAt = latest(job.at, yield* Clock.currentTimeMillis)
    const claim = yield* ledger
      .claim({ job: job.name, dueAt }, node, rules)
      .pipe(
        goingOn((reason) =>
          Effect.as(Effect.logWarning(`job ${job.name} waits: ${reason}`), Option.none<JobClaim>())
        )
      )
    if (Option.isSome(claim)) yield* attempt(job, claim.value)
    const now = yield* Clock.currentTimeMillis
    yield* Effect.sleep(Math.min(lookAgainMillis, latest(job.at, now) + dayMillis - now))
  }
})

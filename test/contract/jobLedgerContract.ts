import { assert, it } from "@effect/vitest"
import { type ClaimRules, JobLedger, type JobRun } from "@indelible/application/jobs/JobLedger"
import { Clock, Effect, type Layer, Option } from "effect"
import { stoppedAt } from "./projections/StoppedClock.ts"

const hour = 3_600_000
const minute = 60_000
const noon = Date.UTC(2026, 10, 25, 12)
export const rules: ClaimRules = { lease: hour, retryAfter: 5 * minute, mostAttempts: 3 }

/** What every ledger of jobs must do. */
export const jobLedgerContract = (adapter: string, layer: Layer.Layer<JobLedger, unknown>) =>
  it.layer(layer, { excludeTestServices: true, timeout: "2 minutes" })(`JobLedger on ${adapter}`, (it) => {
    let jobs = 0
    /** A run that no other test has. */
    const freshRun = (): JobRun => {
      jobs += 1
      return { job: `job ${jobs}`, dueAt: noon }
    }

    /** The ledger at so many milliseconds after noon. */
    const ledgerAt = Effect.fnUntraced(function* (since: number) {
      const { claim, end } = yield* JobLedger
      const clock = stoppedAt(yield* Clock.Clock, noon + since)
      const then = Effect.provideService(Clock.Clock, clock)
      return {
        claim: (run: JobRun, node = "a") => then(claim(run, node, rules)),
        claimed: (run: JobRun, node = "a") =>
          then(Effect.orDie(Effect.flatMap(claim(run, node, rules), Effect.fromOption))),
        end: (...ending: Parameters<typeof end>) => then(end(...ending))
      }
    })

    it.effect("gives a run to one of twenty who claim it at the same instant", () =>
      Effect.gen(function* () {
        const { claim, end } = yield* ledgerAt(0)
        for (let round = 0; round < 10; round++) {
          const run = freshRun()
          const claims = yield* Effect.forEach(
            Array.from({ length: 20 }, (_, i) => `node ${i}`),
            (node) => claim(run, node),
            { concurrency: "unbounded" }
          )
          const [granted, ...more] = claims.flatMap(Option.toArray)
          assert.lengthOf(more, 0)
          assert.deepStrictEqual(granted, { ...run, attempt: 1 })
          assert(granted !== undefined)
          assert.isTrue(yield* end(granted, "done", { counted: 1 }))
        }
      })
    )

    it.effect("does not give away what is done, however much later; other runs it does", () =>
      Effect.gen(function* () {
        const { claimed, end } = yield* ledgerAt(0)
        const run = freshRun()
        yield* end(yield* claimed(run), "done", null)
        const later = yield* ledgerAt(1_000 * hour)
        assert.isTrue(Option.isNone(yield* later.claim(run)))
        assert.isTrue(Option.isSome(yield* later.claim({ ...run, dueAt: run.dueAt + 1 })))
        assert.isTrue(Option.isSome(yield* later.claim({ ...run, job: `${run.job}b` })))
      })
    )

    it.effect("gives a failed run again when its time has come, and not for ever", () =>
      Effect.gen(function* () {
        const run = freshRun()
        let time = 0
        for (const attempt of [1, 2, 3]) {
          const { claimed, end } = yield* ledgerAt(time)
          const claim = yield* claimed(run)
          assert.strictEqual(claim.attempt, attempt)
          const ends = time + minute
          const ending = yield* ledgerAt(ends)
          assert.isTrue(yield* ending.end(claim, "failed", { error: "no luck" }))
          assert.isFalse(yield* end(claim, "done", null), "ended already")
          time = ends + rules.retryAfter
          const early = yield* ledgerAt(time - 1)
          assert.isTrue(Option.isNone(yield* early.claim(run)))
        }
        const late = yield* ledgerAt(time + 100 * hour)
        assert.isTrue(Option.isNone(yield* late.claim(run)))
      })
    )

    it.effect("gives one of those who ask a run whose node died, and nothing to that node any more", () =>
      Effect.gen(function* () {
        const run = freshRun()
        const { claimed } = yield* ledgerAt(0)
        const dead = yield* claimed(run, "dead")
        const early = yield* ledgerAt(rules.lease - 1)
        assert.isTrue(Option.isNone(yield* early.claim(run, "b")))
        const { claim, end } = yield* ledgerAt(rules.lease)
        const claims = yield* Effect.forEach(["b", "c", "d", "e"], (node) => claim(run, node), {
          concurrency: "unbounded"
        })
        const [taken, ...more] = claims.flatMap(Option.toArray)
        assert.lengthOf(more, 0)
        assert.deepStrictEqual(taken, { ...run, attempt: 2 })
        assert(taken !== undefined)
        assert.isFalse(yield* end(dead, "failed", { error: "woke up" }))
        assert.isTrue(yield* end(taken, "done", null))
        assert.isFalse(yield* end(dead, "failed", { error: "woke up" }))
      })
    )

    it.effect("gives up a run that three nodes died of", () =>
      Effect.gen(function* () {
        const run = freshRun()
        for (const attempt of [1, 2, 3]) {
          const { claimed } = yield* ledgerAt((attempt - 1) * rules.lease)
          assert.strictEqual((yield* claimed(run)).attempt, attempt)
        }
        const { claim } = yield* ledgerAt(100 * rules.lease)
        assert.isTrue(Option.isNone(yield* claim(run)))
      })
    )
  })

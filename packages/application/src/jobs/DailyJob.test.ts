import { assert, describe, it } from "@effect/vitest"
import * as MemoryJobLedger from "@indelible/infrastructure/memory/MemoryJobLedger"
import { Clock, Data, Effect, Fiber, Logger, Option, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { type DailyJob, everyDay } from "./DailyJob.ts"
import { JobLedger, JobLedgerUnavailable } from "./JobLedger.ts"

class Failure extends Data.TaggedError("Failure")<{ readonly message: string }> {}

const at = { hour: 3, minute: 30 }
const name = "count"
const due = (day: number) => Date.UTC(2026, 10, day, 3, 30)
/** When every test begins: the run of the 24th is the latest. */
const beginning = Date.UTC(2026, 10, 25, 3, 0)

interface Ended {
  readonly dueAt: number
  readonly attempt: number
  readonly state: string
  readonly outcome: unknown
}

/** Some nodes with one ledger between them. */
const world = Effect.gen(function* () {
  const ledger = yield* JobLedger
  const ended: Array<Ended> = []
  const begun: Array<{ readonly node: string; readonly at: number }> = []
  let away: "away" | "broken" | undefined
  const watched = JobLedger.of({
    claim: (run, node, rules) =>
      Effect.suspend(() =>
        away === "away"
          ? Effect.fail(new JobLedgerUnavailable({ cause: new Error("away") }))
          : away === "broken"
            ? Effect.die(new Error("secret"))
            : ledger.claim(run, node, rules)
      ),
    end: (claim, state, outcome) =>
      Effect.tap(ledger.end(claim, state, outcome), (written) =>
        Effect.sync(() => {
          if (written) ended.push({ dueAt: claim.dueAt, attempt: claim.attempt, state, outcome })
        })
      )
  })
  yield* TestClock.setTime(beginning)
  const node = <E extends { readonly message: string }>(name_: string, work: Effect.Effect<unknown, E>) => {
    const job: DailyJob<unknown, E, never> = {
      name,
      at,
      work: Effect.flatMap(Clock.currentTimeMillis, (now) => {
        begun.push({ node: name_, at: now })
        return work
      })
    }
    return everyDay(job, name_).pipe(Effect.provideService(JobLedger, watched), Effect.forkScoped)
  }
  return {
    begun,
    ended,
    ledger,
    node,
    outage: (is: typeof away) => {
      away = is
    }
  }
})

const scenario = <E>(title: string, body: Effect.Effect<void, E, JobLedger | Scope.Scope>) =>
  it.effect(title, () =>
    body.pipe(Effect.provide(MemoryJobLedger.layer), Effect.provide(Logger.layer([])), Effect.scoped)
  )

/** Lets what is due now happen. */
const settle = TestClock.adjust(0)

describe("a daily job", () => {
  scenario(
    "makes up for the latest run that was missed, then is done once a day, by one of the nodes",
    Effect.gen(function* () {
      const { begun, ended, node } = yield* world
      for (const each of ["a", "b", "c"]) yield* node(each, Effect.succeed({ counted: 3 }))
      yield* settle
      assert.deepStrictEqual(ended, [{ dueAt: due(24), attempt: 1, state: "done", outcome: { counted: 3 } }])
      yield* TestClock.adjust("29 minutes")
      assert.lengthOf(begun, 1)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        ended.map(({ dueAt }) => dueAt),
        [due(24), due(25)]
      )
      assert.strictEqual(begun[1]?.at, due(25))
      yield* TestClock.adjust("3 days")
      assert.deepStrictEqual(
        ended.map(({ dueAt }) => dueAt),
        [24, 25, 26, 27, 28].map(due)
      )
      assert.lengthOf(begun, 5)
    })
  )

  scenario(
    "is not done again by a node that starts later the same day",
    Effect.gen(function* () {
      const { begun, node } = yield* world
      const first = yield* node("a", Effect.void)
      yield* settle
      yield* Fiber.interrupt(first)
      yield* node("b", Effect.void)
      yield* TestClock.adjust("29 minutes")
      assert.lengthOf(begun, 1)
    })
  )

  scenario(
    "is tried again after five minutes when it fails or dies, until it works",
    Effect.gen(function* () {
      const { begun, ended, node } = yield* world
      let left = 2
      yield* node(
        "a",
        Effect.suspend(() => {
          left -= 1
          if (left === 1) return Effect.fail(new Failure({ message: "no luck" }))
          return left === 0 ? Effect.die(new TypeError("secret")) : Effect.succeed("at last")
        })
      )
      yield* TestClock.adjust("20 minutes")
      assert.deepStrictEqual(ended, [
        { dueAt: due(24), attempt: 1, state: "failed", outcome: { error: "no luck" } },
        { dueAt: due(24), attempt: 2, state: "failed", outcome: { error: "it died of TypeError" } },
        { dueAt: due(24), attempt: 3, state: "done", outcome: "at last" }
      ])
      assert.deepStrictEqual(
        begun.map((one) => (one.at - beginning) / 60_000),
        [0, 5, 10]
      )
    })
  )

  scenario(
    "is given up after five attempts, until the next day",
    Effect.gen(function* () {
      const { begun, node } = yield* world
      yield* node("a", Effect.fail(new Failure({ message: "never" })))
      yield* TestClock.setTime(due(25) - 1)
      assert.lengthOf(begun, 5)
      yield* TestClock.setTime(due(26) - 1)
      assert.lengthOf(begun, 10)
    })
  )

  scenario(
    "is taken over an hour after its node died",
    Effect.gen(function* () {
      const { begun, ended, ledger, node } = yield* world
      yield* TestClock.setTime(due(25))
      const rules = { lease: 3_600_000, retryAfter: 300_000, mostAttempts: 5 }
      const dead = yield* ledger.claim({ job: name, dueAt: due(25) }, "dead", rules)
      assert(Option.isSome(dead))
      yield* node("a", Effect.succeed("done by a"))
      yield* TestClock.adjust("59 minutes")
      assert.lengthOf(begun, 0)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(ended, [{ dueAt: due(25), attempt: 2, state: "done", outcome: "done by a" }])
      assert.isFalse(yield* ledger.end(dead.value, "done", "woke up"))
    })
  )

  scenario(
    "is left to another node after five minutes by one that stops",
    Effect.gen(function* () {
      const { begun, ended, node } = yield* world
      const stopping = yield* node("a", Effect.never)
      yield* settle
      yield* Fiber.interrupt(stopping)
      assert.deepStrictEqual(ended, [
        { dueAt: due(24), attempt: 1, state: "failed", outcome: { error: "its node stopped" } }
      ])
      yield* node("b", Effect.void)
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(
        begun.map((one) => one.node),
        ["a", "b"]
      )
    })
  )

  scenario(
    "is stopped before its lease ends, so that no two nodes are at it",
    Effect.gen(function* () {
      const { begun, ended, node } = yield* world
      yield* node("a", Effect.never)
      yield* TestClock.adjust("58 minutes")
      assert.lengthOf(ended, 0)
      yield* TestClock.adjust("1 minute")
      assert.deepInclude(ended[0], { attempt: 1, state: "failed" })
      yield* TestClock.adjust("5 minutes")
      assert.lengthOf(begun, 2)
    })
  )

  scenario(
    "waits for a ledger that is away or broken",
    Effect.gen(function* () {
      const { ended, node, outage } = yield* world
      outage("away")
      yield* node("a", Effect.void)
      yield* TestClock.adjust("10 minutes")
      outage("broken")
      yield* TestClock.adjust("10 minutes")
      assert.lengthOf(ended, 0)
      outage(undefined)
      yield* TestClock.adjust("5 minutes")
      assert.lengthOf(ended, 1)
    })
  )
})

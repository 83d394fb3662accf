import { PgClient } from "@effect/sql-pg"
import { assert, it } from "@effect/vitest"
import { JobLedger } from "@indelible/application/jobs/JobLedger"
import * as MemoryJobLedger from "@indelible/infrastructure/memory/MemoryJobLedger"
import { jobLedgerMigrations } from "@indelible/infrastructure/postgres/JobLedgerMigration"
import * as PgJobLedger from "@indelible/infrastructure/postgres/PgJobLedger"
import { Effect, Layer, Option } from "effect"
import * as TestDatabase from "../servers/TestDatabase.ts"
import { jobLedgerContract, rules } from "./jobLedgerContract.ts"
import * as MigratedDatabase from "./MigratedDatabase.ts"

jobLedgerContract("memory", MemoryJobLedger.layer)

for (const server of TestDatabase.whichServers()) {
  const layer = PgJobLedger.layer.pipe(
    Layer.provideMerge(MigratedDatabase.layer(server, jobLedgerMigrations))
  )
  jobLedgerContract(`Postgres (${server})`, layer)

  it.layer(layer, { excludeTestServices: true, timeout: "2 minutes" })(
    `The ledger's table (${server})`,
    (it) => {
      it.effect("tells who did what, and what came of it", () =>
        Effect.gen(function* () {
          const sql = yield* PgClient.PgClient
          const ledger = yield* JobLedger
          const run = { job: "count", dueAt: Date.UTC(2026, 10, 25, 3, 30) }
          const told = sql`
            SELECT job, due_at, state, node, ended_at IS NOT NULL AS ended, attempts, outcome FROM job_run`
          const begun = { job: "count", due_at: new Date(run.dueAt), node: "a", attempts: 1 }
          const claim = yield* ledger.claim(run, "a", rules)
          assert.deepStrictEqual(yield* told, [{ ...begun, state: "running", ended: false, outcome: null }])
          assert(Option.isSome(claim))
          yield* ledger.end(claim.value, "failed", { error: "no luck", at: [1, null] })
          const outcome = { error: "no luck", at: [1, null] }
          assert.deepStrictEqual(yield* told, [{ ...begun, state: "failed", ended: true, outcome }])
          const again = yield* ledger.claim(run, "b", { ...rules, retryAfter: 0 })
          assert.deepStrictEqual(yield* told, [
            { ...begun, state: "running", node: "b", attempts: 2, ended: false, outcome }
          ])
          assert(Option.isSome(again))
          yield* ledger.end(again.value, "done", undefined)
          assert.deepStrictEqual(yield* told, [
            { ...begun, state: "done", node: "b", attempts: 2, ended: true, outcome: null }
          ])
        })
      )

      it.effect("says that the ledger is unavailable when it is", () =>
        Effect.gen(function* () {
          const sql = yield* PgClient.PgClient
          const ledger = yield* JobLedger
          const claim = { job: "lost", dueAt: 0, attempt: 1 }
          yield* sql`ALTER TABLE job_run RENAME TO away`
          const errors = [
            yield* Effect.flip(ledger.claim(claim, "a", rules)),
            yield* Effect.flip(ledger.end(claim, "done", null))
          ]
          for (const error of errors) assert.strictEqual(error._tag, "JobLedgerUnavailable")
          yield* sql`ALTER TABLE away RENAME TO job_run`
        })
      )
    }
  )
}

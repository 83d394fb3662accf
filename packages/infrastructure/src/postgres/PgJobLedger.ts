import { JobLedger, JobLedgerUnavailable } from "@indelible/application/jobs/JobLedger"
import { Clock, Effect, Layer, Option } from "effect"
import { SqlClient, type SqlError } from "effect/sql"

const orUnavailable = Effect.mapError((cause: SqlError.SqlError) => new JobLedgerUnavailable({ cause }))

/** Each answer is one statement: the primary key decides between nodes, and no lock is held in between. */
export const layer = Layer.effect(
  JobLedger,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    return JobLedger.of({
      claim: Effect.fn("PgJobLedger.claim")(function* ({ dueAt, job }, node, rules) {
        const now = yield* Clock.currentTimeMillis
        const ago = (millis: number) => new Date(now - millis)
        const [row] = yield* orUnavailable(sql<{ attempts: number }>`
          INSERT INTO job_run (job, due_at, state, node, started_at, attempts)
          VALUES (${job}, ${new Date(dueAt)}, 'running', ${node}, ${ago(0)}, 1)
          ON CONFLICT (job, due_at) DO UPDATE
          SET state = 'running', node = EXCLUDED.node, started_at = EXCLUDED.started_at, ended_at = NULL,
            attempts = job_run.attempts + 1
          WHERE job_run.attempts < ${rules.mostAttempts}
            AND (
              (job_run.state = 'running' AND job_run.started_at <= ${ago(rules.lease)})
              OR (job_run.state = 'failed' AND job_run.ended_at <= ${ago(rules.retryAfter)})
            )
          RETURNING attempts`)
        return row === undefined ? Option.none() : Option.some({ job, dueAt, attempt: row.attempts })
      }),

      end: Effect.fn("PgJobLedger.end")(function* ({ attempt, dueAt, job }, state, outcome) {
        const now = new Date(yield* Clock.currentTimeMillis)
        const rows = yield* orUnavailable(sql`
          UPDATE job_run
          SET state = ${state}, ended_at = ${now}, outcome = ${JSON.stringify(outcome ?? null)}::text::jsonb
          WHERE job = ${job} AND due_at = ${new Date(dueAt)} AND state = 'running' AND attempts = ${attempt}
          RETURNING job`)
        return rows.length > 0
      })
    })
  })
)

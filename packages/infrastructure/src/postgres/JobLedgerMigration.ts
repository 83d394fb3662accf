import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Migrations } from "./Migrations.ts"

/** What was to be done when, who did it, and what came of it. */
const createJobLedger = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE job_run (
      job text NOT NULL,
      due_at timestamptz NOT NULL,
      state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
      -- Of the latest attempt, as what follows.
      node text NOT NULL,
      started_at timestamptz NOT NULL,
      ended_at timestamptz,
      -- Raised by whoever takes a run over, so that the one before cannot end it any more.
      attempts integer NOT NULL CHECK (attempts > 0),
      -- Of the latest attempt that ended: why it failed can still be read while it is tried again.
      outcome jsonb,
      -- Decides which of several nodes has the run.
      PRIMARY KEY (job, due_at),
      CHECK ((state = 'running') = (ended_at IS NULL))
    )`
})

export const jobLedgerMigrations: Migrations = { "0020_job_ledger": createJobLedger }

import { JobLedger, type JobRun } from "@indelible/application/jobs/JobLedger"
import { Clock, Effect, Layer, Option } from "effect"

interface Entry {
  readonly state: "running" | "done" | "failed"
  /** When it was begun or, if it has, ended. */
  readonly since: number
  readonly attempts: number
}

const nameOf = ({ dueAt, job }: JobRun) => `${job} ${dueAt}`

/** The ledger of nodes in one process, gone with it. */
export const layer = Layer.sync(JobLedger, () => {
  const entries = new Map<string, Entry>()
  return JobLedger.of({
    claim: (run, _node, rules) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const entry = entries.get(nameOf(run))
        const wait = entry?.state === "running" ? rules.lease : rules.retryAfter
        const again = entry?.state !== "done" && (entry?.attempts ?? 0) < rules.mostAttempts
        if (entry !== undefined && (!again || entry.since + wait > now)) return Option.none()
        const attempt = (entry?.attempts ?? 0) + 1
        entries.set(nameOf(run), { state: "running", since: now, attempts: attempt })
        return Option.some({ ...run, attempt })
      }),
    end: ({ attempt, ...run }, state) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const entry = entries.get(nameOf(run))
        if (entry?.state !== "running" || entry.attempts !== attempt) return false
        entries.set(nameOf(run), { state, since: now, attempts: attempt })
        return true
      })
  })
})

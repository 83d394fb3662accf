import type { Build } from "@indelible/projections/engine/build/Build"
import { BuildWatch } from "@indelible/projections/operations/BuildWatch"
import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { projections } from "@indelible/projections/projections"
import { Effect, Schedule } from "effect"
import type { Recorder } from "../history/Recorder.ts"
import { Slack } from "../Slack.ts"

/** Milliseconds. */
const within = 60_000
const ended: ReadonlySet<Build["state"]> = new Set(["done", "failed", "cancelled"])

const verdictOf = ({ comparison, message, state }: Build) => {
  if (state !== "done" || comparison === null)
    return { phase: "fail", detail: `${state}: ${message}` } as const
  const { differences, equal, parked, rows } = comparison
  if (parked.length > 0) return { phase: "fail", detail: `${parked.length} streams are parked` } as const
  return equal
    ? ({ phase: "ok", detail: `${rows} rows` } as const)
    : ({ phase: "fail", detail: JSON.stringify(differences.slice(0, 3)) } as const)
}

const verify = Effect.fnUntraced(function* (recorder: Recorder, projection: string) {
  const operations = yield* ProjectionOperations
  const watch = yield* BuildWatch
  const slack = yield* Slack
  const { id } = yield* operations.start({ projection, kind: "verify", by: "faults" })
  const build = yield* Effect.repeat(watch.build(id), {
    until: ({ state }) => ended.has(state),
    schedule: Schedule.spaced("100 millis")
  }).pipe(
    Effect.timeoutOrElse({
      duration: slack * within,
      orElse: () => Effect.die(new Error(`${projection} was not verified within ${slack * within} ms`))
    })
  )
  recorder.record({ proc: "verify", op: "verify", projection, ...verdictOf(build) })
})

/** Has every read model compared with one made anew from the log, and writes down the verdicts. */
export const record = (recorder: Recorder) =>
  Effect.forEach(projections, ({ name }) => verify(recorder, name), {
    concurrency: "unbounded",
    discard: true
  })

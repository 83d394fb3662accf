import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Cause, Clock, Effect, Exit, Option } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { describeFoldError, FoldThrew, isHalting } from "../FoldError.ts"
import type { Projection } from "../Projection.ts"
import * as Sets from "../Sets.ts"
import type { Build } from "./Build.ts"
import { active } from "./BuildJobs.ts"
import { buildsIn } from "./BuildTable.ts"
import { carryOut } from "./CarryOut.ts"
import * as Pace from "./Pace.ts"
import { type Progress, telling } from "./Progress.ts"

const pollMillis = 500
const retryMillis = 2_000

/** What somebody else stopped, or what cannot work, ends; everything else is tried again. */
const isFinal = (error: Effect.Error<ReturnType<typeof carryOut>>): boolean => {
  switch (error._tag) {
    case "BuiltLess":
    case "NotForThisProgram":
    case "LiveBroken":
    case "LiveStandsStill":
    case "OtherVersion":
      return true
    case "NotSwitched":
    case "Fenced":
      return false
    default:
      return isHalting(error)
  }
}

const take = Effect.fnUntraced(function* (build: Build, node: string) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql`
    UPDATE projection_build
    SET state = 'running', node = ${node}, message = NULL
    WHERE id = ${build.id} AND state IN ('waiting', 'running')
    RETURNING *`
  const [taken] = yield* buildsIn(rows)
  return Option.fromNullishOr(taken)
})

const end = Effect.fnUntraced(function* (
  build: Build,
  state: "cancelled" | "failed",
  message: string | null
) {
  const sql = yield* SqlClient.SqlClient
  if (build.kind !== "rollback") yield* Sets.drop(Sets.shadowOf(build.projection))
  yield* sql`
    UPDATE projection_build
    SET state = ${state}, ended_at = ${new Date(yield* Clock.currentTimeMillis)}, message = ${message}
    WHERE id = ${build.id} AND state IN ('running', 'cancelling')`
})

/** Works on a build until it has ended, or is to end, or something goes wrong. */
const workOn = Effect.fnUntraced(function* <E extends DomainEvent>(projection: Projection<E>, build: Build) {
  const progress: Progress = { stage: "folding", rate: 0, found: 0, ranges: [] }
  const pace = Pace.make(build.maxRate)
  yield* Effect.logInfo(`projection ${build.projection}: working on ${build.kind} ${build.id}`)
  const work = Effect.exit(carryOut(projection, build, progress, pace))
  const exit = yield* Effect.raceFirst(work, Effect.raceFirst(telling(build, progress, pace), pace.looking))
  // Stopped by whoever asked for it.
  if (exit === null || Exit.isSuccess(exit)) return
  if (Cause.hasInterrupts(exit.cause)) return yield* Effect.interrupt
  const failure = Option.getOrElse(Cause.findErrorOption(exit.cause), () => {
    const defect = Cause.squash(exit.cause)
    return SqlError.isSqlError(defect) ? defect : new FoldThrew({ cause: defect })
  })
  const told = failure._tag === "SqlError" ? describeFoldError(failure) : failure.message
  yield* Effect.logWarning(`projection ${build.projection}: ${build.kind} ${build.id}: ${told}`)
  if (isFinal(failure)) return yield* end(build, "failed", told)
  const sql = yield* SqlClient.SqlClient
  yield* sql`UPDATE projection_build SET message = ${told} WHERE id = ${build.id} AND state = 'running'`
  yield* Effect.sleep(retryMillis)
})

/** Removes the tables that a switch replaced, when nobody can want them back any more. */
const removeExpired = Effect.fnUntraced(function* (name: string) {
  const sql = yield* SqlClient.SqlClient
  const now = new Date(yield* Clock.currentTimeMillis)
  const expired = yield* sql`
    SELECT id FROM projection_build WHERE projection = ${name} AND kept_until < ${now}`
  if (expired.length === 0) return
  yield* Sets.drop(Sets.formerOf(name))
  yield* sql`UPDATE projection_build SET kept_until = NULL WHERE projection = ${name} AND kept_until < ${now}`
  yield* Effect.logInfo(`projection ${name}: removed the tables that were kept for a roll-back`)
})

/**
 * Carries out what is asked to be built for a projection, as the one that owns this. It looks for work twice a second
 * and never ends; trouble with the database is waited out.
 */
export const build = Effect.fnUntraced(function* <E extends DomainEvent>(
  projection: Projection<E>,
  node: string
) {
  const turn = Effect.gen(function* () {
    const found = Option.getOrNull(yield* active(projection.name))
    if (found === null) yield* removeExpired(projection.name)
    else if (found.state === "cancelling") yield* end(found, "cancelled", null)
    else if (found.state !== "paused") {
      const taken = yield* take(found, node)
      if (Option.isSome(taken)) yield* workOn(projection, taken.value)
    }
    yield* Effect.sleep(pollMillis)
  })
  return yield* turn.pipe(
    Effect.catchTag("SqlError", (error) =>
      Effect.andThen(
        Effect.logWarning(`projection ${projection.name}: cannot look for work (${error.reason._tag})`),
        Effect.sleep(retryMillis)
      )
    ),
    Effect.forever
  )
})

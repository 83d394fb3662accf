import { LogWakeUp } from "@indelible/application/store/LogWakeUp"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Cause, Effect, Exit, Option } from "effect"
import { SqlError } from "effect/sql"
import * as Checkpoint from "./Checkpoint.ts"
import { describeFoldError, type FoldError, FoldThrew, isPoison } from "./FoldError.ts"
import { foldPage } from "./FoldPage.ts"
import type { Projection } from "./Projection.ts"
import { ProjectionProgress, type ProjectionState } from "./ProjectionProgress.ts"

const firstRetryMillis = 100
const longestRetryMillis = 5_000

/** A roll-back that fails because the connection is lost is a defect to the SQL client; to us it is that outage. */
const failureIn = (cause: Cause.Cause<FoldError | Checkpoint.Fenced>): FoldError | Checkpoint.Fenced =>
  Option.getOrElse(Cause.findErrorOption(cause), () => {
    const defect = Cause.squash(cause)
    return SqlError.isSqlError(defect) ? defect : new FoldThrew({ cause: defect })
  })

/**
 * Tries until it works, for ever: the log is there and waits. A part that is away is asked again after 100 ms and then
 * ever less often; a page that is itself at fault halts the projection and is looked at every 5 s, since a newer program
 * or a mended key may cure it. Only a lost claim ends it.
 */
const enduring = Effect.fnUntraced(function* <A, R>(
  name: string,
  step: Effect.Effect<A, FoldError | Checkpoint.Fenced, R>
) {
  const progress = yield* ProjectionProgress
  for (let delay = firstRetryMillis; ; delay = Math.min(2 * delay, longestRetryMillis)) {
    const exit = yield* Effect.exit(step)
    if (Exit.isSuccess(exit)) return exit.value
    // When interrupted in a transaction over a dead connection, the exit holds the roll-back's failure as well.
    if (Cause.hasInterrupts(exit.cause)) return yield* Effect.interrupt
    const error = failureIn(exit.cause)
    if (error._tag === "Fenced") return yield* error
    const told = describeFoldError(error)
    if (isPoison(error)) {
      yield* progress.enter(name, { _tag: "Halted", error: told })
      yield* Effect.logError(`projection ${name} is halted: ${told}`)
      yield* Effect.sleep(longestRetryMillis)
    } else {
      yield* progress.enter(name, { _tag: "BackingOff", error: told })
      yield* Effect.logWarning(`projection ${name} waits ${delay} ms: ${told}`)
      yield* Effect.sleep(delay)
    }
  }
})

/**
 * Keeps the live tables of a projection up with the log, as their owner: page after page, woken by hints and at least
 * every 250 ms. Ends when somebody else claims them; whoever still has the ownership then begins again.
 */
export const run = Effect.fnUntraced(
  function* <E extends DomainEvent>(projection: Projection<E>) {
    const { name } = projection
    const progress = yield* ProjectionProgress
    const nextHint = yield* (yield* LogWakeUp).subscribe
    yield* Effect.addFinalizer(() => progress.release(name))
    let claim = yield* enduring(name, Checkpoint.claim(name))
    yield* Effect.logInfo(`projection ${name} version ${projection.version}: owner, epoch ${claim.epoch}`)
    const following: ProjectionState =
      claim.version === projection.version
        ? { _tag: "Running" }
        : { _tag: "NeedsRebuild", built: claim.version, expected: projection.version }
    if (following._tag === "NeedsRebuild") {
      yield* Effect.logError(
        `PROJECTION ${name} NEEDS A REBUILD: its tables were made for version ${claim.version}, this program has version ${projection.version}`
      )
    }
    yield* progress.reach(name, claim.positions)
    while (true) {
      const folded = yield* enduring(name, foldPage(projection, claim))
      yield* progress.enter(name, following)
      if (folded.events === 0) yield* nextHint
      else {
        claim = folded.claim
        yield* progress.reach(name, claim.positions)
      }
    }
  },
  Effect.scoped,
  Effect.catchTag("Fenced", (fenced) => Effect.logWarning(fenced.message))
)

import { Unavailable } from "@indelible/application/store/EventStoreError"
import { giveUpAfter } from "@indelible/application/store/GiveUpAfter"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Cause, Clock, Effect, Exit, Option } from "effect"
import { SqlError } from "effect/sql"
import * as Checkpoint from "./Checkpoint.ts"
import { type Claim, claim } from "./Claim.ts"
import { describeFoldError, type FoldError, FoldThrew, isHalting } from "./FoldError.ts"
import { allSlices, foldPage, pageLimit } from "./FoldPage.ts"
import * as Halt from "./Halt.ts"
import * as Parked from "./Parked.ts"
import { programOf } from "./Program.ts"
import type { Projection } from "./Projection.ts"
import { ProjectionProgress, type ProjectionState } from "./ProjectionProgress.ts"
import { retryParked } from "./RetryParked.ts"
import { rhythm } from "./Rhythm.ts"

const firstRetryMillis = 100
const longestRetryMillis = 5_000
/** How often an owner looks whether its tables were replaced, and for parked streams that somebody wants tried again. */
const lookEveryMillis = 1_000

/** A roll-back that fails because the connection is lost is a defect to the SQL client; to us it is that outage. */
const failureIn = <E>(cause: Cause.Cause<E>): E | SqlError.SqlError | FoldThrew =>
  Option.getOrElse(Cause.findErrorOption(cause), () => {
    const defect = Cause.squash(cause)
    return SqlError.isSqlError(defect) ? defect : new FoldThrew({ cause: defect })
  })

/** Tells whoever asks another node. When that fails it is told at the next try: the projection can be mended all the same. */
const tellHalted = (halts: Halt.Teller, epoch: number | null, error: string) =>
  Effect.catchCause(answered(halts.halted(epoch, error)), (cause) =>
    Cause.hasInterrupts(cause)
      ? Effect.interrupt
      : Effect.logWarning(
          `projection ${halts.projection}: its halt is in this log alone: ${describeFoldError(failureIn(cause))}`
        )
  )

/**
 * Tries until it works, for ever: the log is there and waits. A part that is away is asked again after 100 ms and then
 * ever less often; what no retry heals halts the projection and is looked at every 5 s, since somebody may mend it. Only a lost claim ends it.
 */
const enduring = Effect.fnUntraced(function* <A, R>(
  halts: Halt.Teller,
  epoch: number | null,
  step: Effect.Effect<A, FoldError | Checkpoint.Fenced, R>
) {
  const progress = yield* ProjectionProgress
  const name = halts.projection
  for (let delay = firstRetryMillis; ; delay = Math.min(2 * delay, longestRetryMillis)) {
    const exit = yield* Effect.exit(step)
    if (Exit.isSuccess(exit)) return exit.value
    // When interrupted in a transaction over a dead connection, the exit holds the roll-back's failure as well.
    if (Cause.hasInterrupts(exit.cause)) return yield* Effect.interrupt
    const error = failureIn(exit.cause)
    if (error._tag === "Fenced") return yield* error
    const told = describeFoldError(error)
    if (isHalting(error)) {
      yield* progress.enter(name, { _tag: "Halted", error: told })
      yield* Effect.logError(`projection ${name} is halted: ${told}`)
      yield* tellHalted(halts, epoch, told)
      yield* Effect.sleep(longestRetryMillis)
    } else {
      yield* progress.enter(name, { _tag: "BackingOff", error: told })
      yield* Effect.logWarning(`projection ${name} waits ${delay} ms: ${told}`)
      yield* Effect.sleep(delay)
    }
  }
})

/**
 * Learns what an owner would not learn from the log: that a rebuild has put other tables in the place of its own, and
 * which parked streams somebody wants tried again. Of these it does a page each.
 */
const look = Effect.fnUntraced(function* <E extends DomainEvent>(projection: Projection<E>, claimed: Claim) {
  yield* Checkpoint.confirm(claimed.name, claimed.epoch)
  let current = claimed
  for (const stream of yield* Parked.list(claimed.name, { retry: true, limit: 20 })) {
    current = yield* retryParked(projection, current, stream)
  }
  return current
})

/** Milliseconds; longer than what the server allows the statements of a page. */
const pageDeadline = 40_000

/** Over a connection that died in silence a page would wait for as long as TCP repeats itself, and hold up all others. */
const answered = <A, E, R>(page: Effect.Effect<A, E, R>) =>
  giveUpAfter(
    page,
    pageDeadline,
    () => new Unavailable({ reason: "unreachable", cause: new Error("no answer in time") })
  )

/** Older tables are followed as well as this program can; what a newer one made is not for this one to write. */
const standing = <E extends DomainEvent>({ version }: Projection<E>, built: number): ProjectionState =>
  built === version
    ? { _tag: "Running" }
    : built < version
      ? { _tag: "NeedsRebuild", built, expected: version }
      : {
          _tag: "Halted",
          error: `its tables were made for version ${built} by a newer program, this one has version ${version}: start the newer one everywhere`
        }

/**
 * Keeps the live tables of a projection up with the log, as their owner: page after page, in its rhythm. Ends when
 * somebody else claims them, or when a rebuild has put others in their place; whoever still has the ownership then begins
 * again.
 *
 * @param node the name of this one, for whoever asks which one is halted
 */
export const run = Effect.fnUntraced(
  function* <E extends DomainEvent>(projection: Projection<E>, node: string) {
    const { name } = projection
    const halts = Halt.teller(name, node)
    const progress = yield* ProjectionProgress
    const nextDue = yield* rhythm(name)
    yield* Effect.addFinalizer(() => progress.release(name))
    let current = yield* enduring(
      halts,
      null,
      Effect.tap(claim(name), () => Parked.askRetryOfOthers(name, programOf(projection)))
    )
    const { epoch } = current
    yield* Effect.logInfo(`projection ${name} version ${projection.version}: owner, epoch ${epoch}`)
    const following = standing(projection, current.version)
    if (following._tag === "NeedsRebuild") {
      yield* Effect.logError(
        `PROJECTION ${name} NEEDS A REBUILD: its tables were made for version ${current.version}, this program has version ${projection.version}; see \`indelible projections rebuild ${name}\``
      )
    }
    if (following._tag === "Halted") {
      yield* Effect.logError(`projection ${name} is halted: ${following.error}`)
      // Until they are its own, or nobody's that it may write.
      while (true) {
        yield* progress.enter(name, following)
        yield* tellHalted(halts, epoch, following.error)
        yield* Effect.sleep(lookEveryMillis)
        yield* enduring(halts, epoch, Checkpoint.confirm(name, epoch))
      }
    }
    yield* progress.reach(
      name,
      current.positions.map((slicePos, slice) => ({ slice, slicePos }))
    )
    let looked = yield* Clock.currentTimeMillis
    let slices = allSlices
    while (true) {
      const folded = yield* enduring(halts, epoch, answered(foldPage(projection, current, { slices })))
      current = folded.claim
      if (halts.mayBeToldHalted()) yield* enduring(halts, epoch, answered(halts.folding(epoch)))
      yield* progress.enter(name, following)
      if (folded.events > 0) {
        yield* progress.reach(
          name,
          folded.moves.map(({ slice, to }) => ({ slice, slicePos: to }))
        )
      }
      const now = yield* Clock.currentTimeMillis
      // The clock may step back; then it is time as well.
      if (Math.abs(now - looked) >= lookEveryMillis) {
        current = yield* enduring(halts, epoch, look(projection, current))
        looked = now
      }
      // A full page may not have been all there was, and others must not starve behind its slices.
      slices = folded.events < pageLimit ? yield* nextDue(folded.events > 0) : allSlices
    }
  },
  Effect.scoped,
  Effect.catchTag("Fenced", (fenced) => Effect.logWarning(fenced.message))
)

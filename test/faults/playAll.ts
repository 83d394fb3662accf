import { rm } from "node:fs/promises"
import { join } from "node:path"
import { Cause, Effect, Exit, Scope } from "effect"
import type { Fault } from "./Fault.ts"
import { now } from "./history/Recorder.ts"
import { type Performance, perform } from "./perform.ts"
import { catchBug } from "./planted/catchBug.ts"
import type { PlantedBug, PlantedResult } from "./planted/plantedBugs.ts"
import { type FaultResult, type Results, troublesOf, verdictOf } from "./Report.ts"
import * as World from "./world/World.ts"

export interface PlayOptions {
  readonly acts: ReadonlyArray<Fault>
  readonly bugs: ReadonlyArray<PlantedBug>
  readonly seed: number
  readonly slack: number
  readonly quick: boolean
  /** Whether a fault that cannot be played here has failed. */
  readonly all: boolean
  /** Folder for histories. Those of good runs are removed. */
  readonly histories: string
  /** Told of each as it ends. */
  readonly tell: (line: string) => void
  /** Told what it came to, also when it is stopped before its end. */
  readonly report: (results: Results) => Effect.Effect<void>
}

/** Milliseconds after which an act has failed that waits for something that never comes. */
const endsWithin = { quick: 150_000, full: 600_000 }

/** A world in a scope of its own. */
const open = Effect.gen(function* () {
  const scope = yield* Scope.make()
  const made = yield* Effect.exit(Scope.provide(World.make({ program: World.thisProduct }), scope))
  if (Exit.isFailure(made)) {
    yield* Scope.close(scope, made)
    return yield* Effect.failCause(made.cause)
  }
  return { world: made.value, close: Scope.close(scope, Exit.void) }
})

const resultOf = (
  { id, title }: Fault,
  exit: Exit.Exit<Performance | undefined, unknown>,
  all: boolean
): FaultResult => {
  if (Exit.isFailure(exit)) return { _tag: "Failed", id, title, error: Cause.pretty(exit.cause) }
  if (exit.value !== undefined) return { _tag: "Played", id, title, performance: exit.value }
  const why = "there is no Redis here"
  return all ? { _tag: "Failed", id, title, error: why } : { _tag: "Skipped", id, title, why }
}

/** One fault after the other in one world, and in a new one after a bad one: what it broke is not the next one's fault. */
const playActs = Effect.fnUntraced(function* (
  { acts, all, histories, quick, seed, slack, tell }: PlayOptions,
  results: Array<FaultResult>
) {
  const patience = slack * (quick ? endsWithin.quick : endsWithin.full)
  let here: Effect.Success<typeof open> | undefined
  const leave = Effect.suspend(() => {
    const { close = Effect.void } = here ?? {}
    here = undefined
    return close
  })
  const play = Effect.fnUntraced(function* (act: Fault) {
    const exit = yield* Effect.exit(
      Effect.gen(function* () {
        here ??= yield* open
        if (act.needsRedis === true && here.world.redis === undefined) return undefined
        const history = join(histories, `${act.id}.jsonl`)
        // What was folded live is compared with a rebuild: in a quick run once, for all of it.
        const verify = !quick || act === acts.at(-1)
        return yield* perform(here.world, act, { seed, quick, slack, verify, history }).pipe(
          Effect.timeoutOrElse({
            duration: patience,
            orElse: () => Effect.fail(new Error(`it did not end within ${patience} ms`))
          })
        )
      })
    )
    // Stopped by whoever started it.
    if (Exit.isFailure(exit) && Cause.hasInterrupts(exit.cause)) return yield* Effect.interrupt
    return resultOf(act, exit, all)
  })
  yield* Effect.gen(function* () {
    for (const act of acts) {
      const { id, title } = act
      const since = now()
      let result = yield* play(act)
      // It has shown nothing, good or bad: who was hit by what is chance.
      if (verdictOf(result) === "void") {
        for (const trouble of troublesOf(result)) tell(`  ${trouble}, so it is played again`)
        yield* leave
        result = yield* play(act)
      }
      results.push(result)
      const verdict = verdictOf(result)
      tell(`${id} ${title}: ${verdict}, ${((now() - since) / 1_000).toFixed(0)} s`)
      for (const trouble of troublesOf(result)) tell(`  ${trouble}`)
      if (verdict === "ok" && result._tag === "Played") {
        yield* Effect.promise(() => rm(result.performance.history, { force: true }))
      }
      if (verdict !== "ok" && verdict !== "skipped") yield* leave
    }
  }).pipe(Effect.ensuring(leave))
})

const playBugs = Effect.fnUntraced(function* (
  { bugs, histories, seed, slack, tell }: PlayOptions,
  results: Array<PlantedResult>
) {
  for (const bug of bugs) {
    const history = join(histories, `${bug.patch}.jsonl`)
    const result = yield* catchBug(bug, { seed, quick: true, slack, history })
    results.push(result)
    tell(`planted: ${bug.name}: ${result.caught ? "caught" : "NOT CAUGHT"} by ${result.by}`)
    if (result.caught) yield* Effect.promise(() => rm(history, { force: true }))
  }
})

/** Plays faults and plants bugs, and tells what became of each. */
export const playAll = Effect.fn("playAll")(function* (options: PlayOptions) {
  const since = now()
  const { acts, bugs, quick, report, seed, slack } = options
  const faults: Array<FaultResult> = []
  const planted: Array<PlantedResult> = []
  const results = (): Results => ({
    seed,
    slack,
    quick,
    seconds: (now() - since) / 1_000,
    faults,
    planted,
    left: acts.length + bugs.length - faults.length - planted.length
  })
  yield* Effect.andThen(playActs(options, faults), playBugs(options, planted)).pipe(
    Effect.ensuring(Effect.suspend(() => report(results())))
  )
  return results()
})

import { Effect } from "effect"
import { check } from "./checker/check.ts"
import { storyOf } from "./checker/Story.ts"
import { type Summary, summarise } from "./checker/summary.ts"
import type { Violation } from "./checker/Violation.ts"
import * as Crowd from "./clients/Crowd.ts"
import * as Load from "./clients/Load.ts"
import * as EventTable from "./endings/EventTable.ts"
import * as Lists from "./endings/Lists.ts"
import { untilQuiet } from "./endings/Quiet.ts"
import * as Verify from "./endings/Verify.ts"
import type { Counts, Fault } from "./Fault.ts"
import * as Recorder from "./history/Recorder.ts"
import { now } from "./history/Recorder.ts"
import * as Stalls from "./history/Stalls.ts"
import { seedFor } from "./Seeds.ts"
import { holdsWithin, outageOn, type Stage } from "./Stage.ts"
import type { World } from "./world/World.ts"

export interface Performance {
  readonly fault: Fault
  readonly seconds: number
  readonly counts: Counts
  readonly summary: Summary
  readonly violations: ReadonlyArray<Violation>
  readonly broken: ReadonlyArray<string>
  /** What should have happened and did not, so that the rest shows nothing. */
  readonly void: ReadonlyArray<string>
  /** Where its history lies. */
  readonly history: string
}

export interface PerformOptions {
  readonly seed: number
  readonly quick: boolean
  readonly slack: number
  /** Whether read models are compared with ones made anew as well. */
  readonly verify: boolean
  readonly history: string
}

const connectWithin = 20_000
const settleWithin = 30_000
/** Of the time of a run. Whoever stood still for longer has seen too little. */
const mostStalled = 0.2
/** Messages that must have been delivered after all was well again, in a full run. */
const fewestAfter = 50

/** Waits until all is done, and writes down what there is. @returns what is wrong with that */
const ending = Effect.fnUntraced(function* (
  world: World,
  crowd: Crowd.Crowd,
  recorder: Recorder.Recorder,
  { slack, verify }: Pick<PerformOptions, "slack" | "verify">
) {
  const underWay = yield* untilQuiet(crowd, slack)
  const origins = world.both.map(({ origin }) => origin)
  yield* Lists.record(recorder, origins, crowd.people)
  const conversations = crowd.talks.map(({ conv }) => conv)
  yield* EventTable.record(recorder, conversations)
  if (verify) yield* Verify.record(recorder)
  return { underWay, holes: yield* EventTable.brokenSlices }
})

/** A node that ended by itself, or is not there any more though the fault is over. */
const whatBecameOf = ({ both }: World, before: ReadonlyArray<number>) =>
  both.flatMap((node, i) => [
    ...node
      .unasked()
      .slice(before[i])
      .map((how) => `node ${node.name} ended by itself: ${how}\n${node.said().slice(-20).join("\n")}`),
    ...(node.isAlive() ? [] : [`node ${node.name} is not running any more`])
  ])

/** Plays one fault in a world, with people of its own, and checks what became of it. */
export const perform = Effect.fn("perform")(function* (
  world: World,
  fault: Fault,
  { history, quick, seed: number, slack, verify }: PerformOptions
) {
  const since = now()
  // The schedule has a chance of its own, which people cannot use up: it is the same again whatever they do.
  const seed = seedFor(number, fault.id)
  const theirs = seedFor(number, `${fault.id} people`)
  const recorder = yield* Recorder.make(history)
  yield* Stalls.watch(recorder)
  const { conversations = quick ? 8 : 16, devicesEach, id, overHttp = false, perSecond = 25 } = fault
  // No two crowds of a world have the same people.
  const prefix = `${id.toLowerCase()}-${since.toFixed(0)}`
  const crowd = yield* Crowd.make({
    prefix,
    conversations,
    overHttp,
    ...(devicesEach !== undefined && { devicesEach }),
    world,
    recorder,
    seed: theirs
  })
  const connected = yield* holdsWithin(slack * connectWithin, crowd.areConnected)
  const lasting = (full: number, short: number) => (quick ? short : full)
  const stage: Stage = {
    world,
    crowd,
    recorder,
    seed,
    quick,
    slack,
    lasting,
    outage: outageOn(recorder),
    count: (isSo) => recorder.lines.filter(isSo).length
  }

  const unasked = world.both.map((node) => node.unasked().length)
  const load = yield* Load.start({ seed: theirs, perSecond, senders: perSecond === 0 ? [] : crowd.senders })
  yield* Effect.sleep(lasting(3_000, 600))
  const played = yield* Effect.raceFirst(fault.play(stage), crowd.broke)
  // In a full run until it shows how soon messages come when all has been well for 5 s.
  yield* Effect.sleep(lasting(16_000, 600))
  const settled = yield* Effect.timeoutOption(load.stop, slack * settleWithin)
  yield* crowd.hush
  const { holes, underWay } = yield* Effect.provideContext(
    ending(world, crowd, recorder, { slack, verify }),
    world.onlooker
  )

  const story = storyOf(recorder.lines, slack)
  const summary = summarise(story)
  const counts: Counts = { ...summary.counts, ...played.counts }
  const took = now() - since
  const { after } = summary.delivery
  const hadOutage = story.outages.some(({ kind }) => kind === "outage")
  return {
    fault,
    seconds: took / 1_000,
    counts,
    summary,
    violations: [
      ...check(story),
      ...holes.map(
        (slice): Violation => ({ invariant: "I3", kind: "gap", detail: `slice ${slice} has a hole` })
      )
    ],
    broken: [
      ...(connected ? [] : [`not all devices were connected within ${connectWithin} ms`]),
      ...(settled._tag === "Some" ? [] : [`not all sends were settled within ${settleWithin} ms`]),
      ...underWay,
      ...whatBecameOf(world, unasked),
      ...(played.broken ?? [])
    ],
    void: [
      ...fault.mustHave.filter((name) => !((counts[name] ?? 0) > 0)),
      ...(summary.stalled < took * mostStalled ? [] : ["machine that stood still for little of the time"]),
      ...(quick || !hadOutage || after.count >= fewestAfter ? [] : ["enough to deliver after it was over"])
    ],
    history
  } satisfies Performance
}, Effect.scoped)

import { Effect, Schedule } from "effect"
import { ask } from "../http/Ask.ts"
import type { Seed } from "../torture/Seed.ts"
import type { Crowd } from "./clients/Crowd.ts"
import type { LineOf } from "./history/Line.ts"
import type { Recorder } from "./history/Recorder.ts"
import type { World } from "./world/World.ts"

/** Where a fault is played: who is there, and what it may need of them. */
export interface Stage {
  readonly world: World
  readonly crowd: Crowd
  readonly recorder: Recorder
  readonly seed: Seed
  readonly quick: boolean
  /** By how much whatever is promised within some time may take longer here; usually 1. */
  readonly slack: number
  /** Milliseconds in a full run, and in a quick one. */
  readonly lasting: (full: number, quick: number) => number
  /** Marks the time of this work as one in which a part is down; it ends when everything is back. */
  readonly outage: <A, E, R>(
    kind: LineOf<"fault">["kind"],
    name: string,
    work: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, R>
  /** How many lines of the history are like this so far. */
  readonly count: (isSo: (line: Recorder["lines"][number]) => boolean) => number
}

export const outageOn =
  ({ record }: Recorder): Stage["outage"] =>
  (kind, name, work) =>
    Effect.suspend(() => {
      record({ proc: name, op: "fault", phase: "invoke", kind })
      return Effect.ensuring(
        work,
        Effect.sync(() => record({ proc: name, op: "fault", phase: "ok", kind }))
      )
    })

/** Of an answer of a node's; 0 when there is none. */
export const statusOf = (origin: string, path: string) =>
  Effect.tryPromise((signal) => ask(origin, "GET", path, undefined, { signal })).pipe(
    Effect.map(({ status }) => status),
    Effect.orElseSucceed(() => 0)
  )

/** Looks every 20 ms whether it is so. @returns false when it was not within so many milliseconds */
export const within = <E, R>(
  millis: number,
  isSo: Effect.Effect<boolean, E, R>
): Effect.Effect<boolean, E, R> =>
  Effect.repeat(isSo, { until: (so) => so, schedule: Schedule.spaced("20 millis") }).pipe(
    Effect.timeoutOrElse({ duration: millis, orElse: () => Effect.succeed(false) })
  )

/** The same of what is known here. */
export const holdsWithin = (millis: number, isSo: () => boolean) => within(millis, Effect.sync(isSo))

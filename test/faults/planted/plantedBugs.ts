import { join } from "node:path"
import { f0 } from "../acts/Calm.ts"
import { f1 } from "../acts/CrashPoints.ts"
import { f31 } from "../acts/Lines.ts"
import type { Invariant } from "../checker/Violation.ts"
import type { Fault } from "../Fault.ts"

/** A bug that the checker has to find, and by what. */
export interface PlantedBug {
  readonly name: string
  /** In this folder. */
  readonly patch: string
  /** The shortest play that brings it to light. */
  readonly act: Fault
  readonly by: Invariant
  /** Kinds of violations of that promise, of which one must be found: others come of a slow machine as well. */
  readonly kinds: ReadonlyArray<string>
  /** What it may break besides. */
  readonly also: ReadonlyArray<Invariant>
}

export interface PlantedResult {
  readonly name: string
  readonly caught: boolean
  /** Which promises the checker found broken, or why it could not look. */
  readonly by: string
}

export const patchOf = ({ patch }: PlantedBug) => join(import.meta.dirname, patch)

export const plantedBugs: ReadonlyArray<PlantedBug> = [
  {
    name: "ack before commit",
    patch: "ack-before-commit.patch",
    act: { ...f1, overHttp: true },
    by: "I1",
    kinds: ["lost"],
    // The place that was promised to the lost one goes to another message.
    also: ["I2", "I3"]
  },
  {
    name: "dedupe off",
    patch: "dedupe-off.patch",
    act: f31,
    by: "I4",
    kinds: ["duplicate"],
    also: ["I2", "I3"]
  },
  {
    name: "one fan-out in 50 dropped, the tail off",
    patch: "fan-out-dropped.patch",
    act: f0,
    by: "I5",
    kinds: ["late", "missing"],
    // An answer that waits in vain for its turn comes as a repeat in the end.
    also: ["I2", "I6"]
  },
  {
    name: "one event in 50 skipped by a projector",
    patch: "event-skipped.patch",
    act: f0,
    by: "I7",
    kinds: ["skipped", "wrong row"],
    also: ["I6"]
  },
  {
    name: "badge counted by increments",
    patch: "badge-by-increments.patch",
    act: f0,
    by: "I6",
    kinds: ["wrong count"],
    also: []
  }
]

import { join } from "node:path"
import { Effect } from "effect"
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
  /** What it may break besides. */
  readonly also: ReadonlyArray<Invariant>
}

export interface PlantedResult {
  readonly name: string
  readonly caught: boolean
  /** Which promises the checker found broken, or why it could not look. */
  readonly by: string
}

/** Nothing goes wrong but what was planted. */
const calm = (perSecond: number): Fault => ({
  id: "calm",
  title: "nothing goes wrong",
  mustHave: ["ok"],
  perSecond,
  play: ({ lasting }) => Effect.as(Effect.sleep(lasting(20_000, 4_000)), { counts: {} })
})

export const patchOf = ({ patch }: PlantedBug) => join(import.meta.dirname, patch)

export const plantedBugs: ReadonlyArray<PlantedBug> = [
  {
    name: "ack before commit",
    patch: "ack-before-commit.patch",
    act: { ...f1, overHttp: true },
    by: "I1",
    also: ["I2"]
  },
  { name: "dedupe off", patch: "dedupe-off.patch", act: f31, by: "I4", also: ["I2"] },
  {
    name: "one fan-out in 50 dropped, the tail off",
    patch: "fan-out-dropped.patch",
    act: calm(25),
    by: "I5",
    also: ["I6"]
  },
  {
    name: "one event in 50 skipped by a projector",
    patch: "event-skipped.patch",
    act: calm(25),
    by: "I7",
    also: ["I6"]
  },
  {
    name: "badge counted by increments",
    patch: "badge-by-increments.patch",
    act: calm(25),
    by: "I6",
    also: []
  }
]

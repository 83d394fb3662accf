import { Effect } from "effect"
import { type PerformOptions, perform } from "../perform.ts"
import * as World from "../world/World.ts"
import * as ProductCopy from "./ProductCopy.ts"
import { type PlantedBug, type PlantedResult, patchOf } from "./plantedBugs.ts"

/** Plants a bug in a copy of the product and sees whether the checker finds it, and by the promise that it breaks. */
export const catchBug = Effect.fn("catchBug")(
  function* (bug: PlantedBug, options: Omit<PerformOptions, "verify">) {
    const { folder, program } = yield* ProductCopy.make
    yield* ProductCopy.apply(folder, patchOf(bug))
    const world = yield* World.make({ program })
    const played = yield* perform(world, bug.act, { ...options, verify: bug.by === "I7" })
    const { violations, void: missing } = played
    const found = [...new Set(violations.map(({ invariant, kind }) => `${invariant} ${kind}`))].toSorted()
    const isMeant = violations.some(({ invariant, kind }) => invariant === bug.by && bug.kinds.includes(kind))
    const isStrange = violations.some(
      ({ invariant }) => invariant !== bug.by && !bug.also.includes(invariant)
    )
    return {
      name: bug.name,
      caught: isMeant && !isStrange && missing.length === 0,
      by: [...found, ...missing.map((what) => `void: no ${what}`)].join(", ") || "nothing"
    } satisfies PlantedResult
  },
  Effect.scoped,
  (effect, bug) =>
    Effect.catchCause(effect, (cause) =>
      Effect.succeed<PlantedResult>({ name: bug.name, caught: false, by: String(cause) })
    )
)

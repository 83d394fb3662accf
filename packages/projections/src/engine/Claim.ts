import { Effect } from "effect"
import * as Checkpoint from "./Checkpoint.ts"
import * as Parked from "./Parked.ts"

/** A turn at writing one set of tables: it lasts until someone else claims them. */
export interface Claim extends Checkpoint.Reached {
  /** Of the set: the schema of its tables. */
  readonly name: string
  /** Streams whose events are not folded for now, with the position of the first that is missing in the tables. */
  readonly parked: ReadonlyMap<string, number>
}

/** Takes the turn from whoever has it, and tells where to go on. */
export const claim = Effect.fn("Claim.claim")(function* (name: string) {
  const reached = yield* Checkpoint.raiseEpoch(name)
  const parked = yield* Parked.positions(name)
  const claimed: Claim = { name, ...reached, parked }
  return claimed
})

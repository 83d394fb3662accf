import { Effect } from "effect"
import { positionOf } from "../answers/Positions.ts"
import { invalid } from "../answers/Refusals.ts"

/** What a read is asked to be at least as fresh as, if anything. */
export const askedPosition = Effect.fnUntraced(function* (position: string | undefined) {
  if (position === undefined) return undefined
  return yield* Effect.catchTag(positionOf(position), "SchemaError", () =>
    invalid(["position"], "Expected a position as a write answered it")
  )
})

import { durable } from "./I1Durable.ts"
import { honest } from "./I2Honest.ts"
import { denseSlices, ordered } from "./I3Order.ts"
import { withoutDuplicates } from "./I4NoDuplicates.ts"
import type { Sends } from "./Sends.ts"
import type { Violation } from "./Violation.ts"

/** Every promise that a store alone can break, checked over its whole log. */
export const checkSends = (run: Sends): ReadonlyArray<Violation> => [
  ...durable(run),
  ...honest(run),
  ...ordered(run),
  ...denseSlices(run),
  ...withoutDuplicates(run)
]

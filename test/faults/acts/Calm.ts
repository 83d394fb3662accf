import { Effect } from "effect"
import type { Fault } from "../Fault.ts"

/** What the checker finds here it would find in any other fault, whatever that one did; and here bugs are planted. */
export const f0: Fault = {
  id: "F0",
  title: "nothing goes wrong",
  mustHave: ["ok"],
  play: ({ lasting }) => Effect.as(Effect.sleep(lasting(20_000, 4_000)), { counts: {} })
}

import { Context } from "effect"
import type { LimitStanding } from "./RateLimits.ts"

/**
 * Hears how a person stands with each limit that is met on the way of their request, also when it is refused or fails:
 * whoever answers the request may tell them. Nobody listens unless a request provides it.
 */
export const TellStanding = Context.Reference<(standing: LimitStanding) => void>(
  "@indelible/application/limits/TellStanding",
  { defaultValue: () => () => undefined }
)

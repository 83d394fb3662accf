import { Schema } from "effect"
import type { LimitStanding } from "./RateLimits.ts"
import { LimitName } from "./RateRules.ts"

/** This person did as much of this as they may for now. Nothing was done. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  limit: LimitName,
  /** So many in so many milliseconds. */
  most: Schema.Int,
  window: Schema.Int,
  /** How many more there is room for: none. */
  remaining: Schema.Literal(0),
  /** Milliseconds until there is room. */
  retryAfterMs: Schema.Int
}) {
  static readonly of = ({ limit, moreInMs, rule }: LimitStanding): RateLimited =>
    new RateLimited({
      limit,
      most: rule.most,
      window: rule.window,
      remaining: 0,
      retryAfterMs: Math.ceil(moreInMs ?? 0)
    })

  override get message() {
    const [window, wait] = [this.window, this.retryAfterMs].map((ms) => Math.ceil(ms / 1_000))
    return `${this.most} ${this.limit} in ${window} s are the most there may be; try again in ${wait} s`
  }
}

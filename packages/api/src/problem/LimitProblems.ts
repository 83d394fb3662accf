import { Schema } from "effect"
import { HttpApiError, HttpApiSchema } from "effect/http-api"
import { limitedAnswer, policyField, retryAfterField, roomField } from "../limits/RateLimitFields.ts"
import { declare } from "./DeclareProblem.ts"

export class RateLimitedProblem extends HttpApiError.Problem<RateLimitedProblem>()(
  ...declare(
    "rate_limited",
    429,
    "You did this as often as you may for now",
    "Nothing was done. Try again after `Retry-After` seconds. Each person has their own limits, counted over all interfaces and devices. A message that was saved before may be sent again at any time, with the same `clientMessageId`: it does not count.",
    {
      limit: Schema.String.annotate({
        description: "Which limit: `messages`, `lists` or, of a `Follow`, `events`."
      }),
      most: Schema.Int.annotate({ description: "So many," }),
      windowMs: Schema.Int.annotate({ description: "in any span of so many milliseconds." }),
      retryAfterMs: Schema.Int.annotate({ description: "Milliseconds until there is room." })
    }
  )
) {}

/** The problem with the header fields that say the same. */
export const rateLimited = RateLimitedProblem.pipe(
  HttpApiSchema.encodeToWithHeaders(
    { body: RateLimitedProblem, headers: limitedAnswer },
    {
      decode: ({ body }) => body,
      encode: (problem) => ({
        body: problem,
        headers: {
          "ratelimit-policy": policyField({ ...problem, window: problem.windowMs }),
          ratelimit: roomField({ limit: problem.limit, remaining: 0, moreInMs: problem.retryAfterMs }),
          "retry-after": retryAfterField(problem.retryAfterMs)
        }
      })
    }
  )
)

import { policyField, roomField } from "@indelible/api/limits/RateLimitFields"
import type { LimitStanding } from "@indelible/application/limits/RateLimits"
import { HttpServerResponse } from "effect/http"

/** Tells how a person stands with the limit that their request met, whatever became of it. */
export const limitHeaders = (
  standing: LimitStanding | null,
  response: HttpServerResponse.HttpServerResponse
): HttpServerResponse.HttpServerResponse =>
  standing === null
    ? response
    : HttpServerResponse.setHeaders(response, {
        "ratelimit-policy": policyField({ limit: standing.limit, ...standing.rule }),
        ratelimit: roomField(standing)
      })

import { OverloadedProblem } from "@indelible/api/problem/ServiceProblems"
import type { LimitStanding } from "@indelible/application/limits/RateLimits"
import { TellStanding } from "@indelible/application/limits/TellStanding"
import { Cause, Clock, Effect } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import {
  HttpRouter,
  HttpServerError,
  HttpServerRequest,
  HttpServerRespondable,
  HttpServerResponse
} from "effect/http"
import { nameRequest } from "../../answers/NameRequest.ts"
import { RequestRecord } from "../../answers/RequestRecord.ts"
import { worthTelling } from "../../answers/WorthTelling.ts"
import { httpMeasures } from "../../metrics/HttpMeasures.ts"
import { metricsPath, templateOf } from "../KnownRoutes.ts"
import { internalError } from "./Defects.ts"
import { limitHeaders } from "./LimitHeaders.ts"
import { cors, securityHeaders, statusHeaders } from "./SecurityHeaders.ts"
import { Traffic } from "./Traffic.ts"
import { unrouted } from "./Unrouted.ts"

export interface EdgeOptions {
  readonly corsOrigins: ReadonlyArray<string>
  /** Metrics are served. */
  readonly metrics: boolean
  /** Clients reach this service by https only. */
  readonly secure: boolean
}

const pathOf = ({ url }: HttpServerRequest.HttpServerRequest) => url.split("?", 1)[0] ?? ""

/** Whoever asks how the node is doing learns it also when it is full. */
const isAboutTheNode = (path: string) => path.startsWith("/health/") || path === metricsPath

const isUnrouted = (cause: Cause.Cause<unknown>) =>
  cause.reasons.some(
    (reason) =>
      reason._tag === "Fail" &&
      HttpServerError.isHttpServerError(reason.error) &&
      reason.error.reason._tag === "RouteNotFound"
  )

const logAnswer = Effect.fnUntraced(function* (
  { method }: HttpServerRequest.HttpServerRequest,
  route: string,
  { status }: HttpServerResponse.HttpServerResponse,
  record: RequestRecord
) {
  const { problem, who } = record
  yield* Effect.annotateLogs(
    worthTelling(status, record) ? Effect.logInfo("answered") : Effect.logDebug("answered"),
    {
      method,
      route,
      status,
      ...(problem !== null && { problem }),
      ...(who !== null && { who })
    }
  )
})

/**
 * What happens to every request, whatever it asks: it gets a name, room or a refusal, an answer even to what no route
 * takes and to what fails, and the headers that every answer carries.
 */
export const layer = (options: EdgeOptions) =>
  HttpRouter.middleware(
    Effect.gen(function* () {
      const random = yield* SecureRandom
      const traffic = yield* Traffic
      const clock = yield* Clock.Clock
      const measure = yield* httpMeasures
      const answerUnrouted = yield* unrouted(options.metrics)
      const secured = securityHeaders(options.secure)
      const shared = cors(options.corsOrigins)

      return (handle) =>
        Effect.gen(function* () {
          const begun = clock.monotonicTimeNanosUnsafe()
          const request = yield* HttpServerRequest.HttpServerRequest
          const path = pathOf(request)
          const route = templateOf(request.method, path)
          const { annotations, correlationId } = nameRequest(
            request.headers["x-correlation-id"],
            yield* random.uuidV4()
          )
          const record: RequestRecord = { correlationId, client: "rest", who: null, problem: null }
          let standing: LimitStanding | null = null

          const overloaded = Effect.suspend(() => {
            record.problem = "overloaded"
            return HttpServerRespondable.toResponse(new OverloadedProblem({ correlationId }))
          })
          const answered = handle.pipe(
            Effect.catchCause((cause) =>
              isUnrouted(cause)
                ? answerUnrouted(request)
                : // Its client is gone, or the process stops: nobody waits for an answer.
                  Cause.hasInterruptsOnly(cause)
                  ? Effect.failCause(cause)
                  : internalError(cause)
            )
          )
          const admitted = isAboutTheNode(path) ? answered : traffic.admit(answered, overloaded)

          return yield* admitted.pipe(
            Effect.tap((response) => {
              const seconds = Number(clock.monotonicTimeNanosUnsafe() - begun) / 1e9
              measure(request.method, route, response.status, seconds)
              return logAnswer(request, route, response, record)
            }),
            Effect.map((response) =>
              shared(
                request,
                secured(
                  statusHeaders(
                    limitHeaders(
                      standing,
                      HttpServerResponse.setHeader(response, "x-correlation-id", correlationId)
                    )
                  )
                )
              )
            ),
            Effect.provideService(RequestRecord, record),
            Effect.provideService(TellStanding, (told) => {
              standing = told
            }),
            Effect.annotateLogs({ correlationId, ...annotations })
          )
        })
    }),
    { global: true }
  )

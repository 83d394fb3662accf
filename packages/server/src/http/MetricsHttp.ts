import { ProjectionOperations } from "@indelible/projections/operations/ProjectionOperations"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServerError, HttpServerRequest, HttpServerResponse } from "effect/http"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import { collectProjections } from "../metrics/CollectProjections.ts"
import * as ProcessMeasures from "../metrics/ProcessMeasures.ts"
import { metricsPath } from "./KnownRoutes.ts"

const contentType = "text/plain; version=0.0.4; charset=utf-8"

/**
 * Everything that is measured, as Prometheus reads it: what this process counts, and how the projections are doing. It
 * holds no label of a client's making, and asks nobody who they are: keep it from the public (`docs/metrics.md`).
 */
export const layer = HttpRouter.use((router) =>
  Effect.gen(function* () {
    const projections = yield* collectProjections((yield* ProjectionOperations).list)
    yield* router.add(
      "GET",
      metricsPath,
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        // The router also takes `//metrics` and `/%6detrics`, which a proxy that keeps the path from the public may not
        // know for the same.
        if (request.url.split("?", 1)[0] !== metricsPath) {
          const reason = new HttpServerError.RouteNotFound({ request })
          return yield* new HttpServerError.HttpServerError({ reason })
        }
        const figures = yield* projections
        return HttpServerResponse.text((yield* PrometheusMetrics.format()) + figures, { contentType })
      })
    )
  })
).pipe(Layer.provide(ProjectionOperations.layer), Layer.merge(ProcessMeasures.layer))

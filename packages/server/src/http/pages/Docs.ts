import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { Effect } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { policyFor } from "./ContentPolicy.ts"

const withPolicy = (response: HttpServerResponse.HttpServerResponse) => {
  const html = response.body._tag === "Uint8Array" ? new TextDecoder().decode(response.body.body) : ""
  return HttpServerResponse.setHeaders(response, {
    "content-security-policy": policyFor(html),
    "cache-control": "no-cache"
  })
}

/**
 * The interface as a page to browse and try. All that it needs is in it, two megabytes, which is why it is loaded when
 * it is first asked for and not with the service.
 */
export const layer = HttpRouter.use((router) =>
  Effect.gen(function* () {
    const page = yield* Effect.cached(
      Effect.gen(function* () {
        const { layer: swagger } = yield* Effect.promise(() => import("effect/http-api/HttpApiSwagger"))
        const respond = yield* Effect.scoped(
          HttpRouter.toHttpEffect(swagger(IndelibleApi, { path: "/docs" }))
        )
        return withPolicy(yield* Effect.scoped(respond))
      })
    )
    yield* router.add("GET", "/docs", page)
  })
)

import { asyncApi } from "@indelible/api/realtime/AsyncApi"
import { Effect } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"

/** The WebSocket interface for programs: made when it is first asked for. */
export const layer = HttpRouter.use((router) =>
  Effect.gen(function* () {
    const document = yield* Effect.cached(Effect.sync(() => JSON.stringify(asyncApi())))
    yield* router.add(
      "GET",
      "/asyncapi.json",
      Effect.map(document, (text) => HttpServerResponse.text(text, { contentType: "application/json" }))
    )
  })
)

import { Effect } from "effect"
import { HttpRouter, HttpServerError, HttpServerRequest, HttpServerResponse } from "effect/http"
import { isMessengerPage, messengerPages } from "../http/KnownRoutes.ts"
import { type BuiltFile, builtFiles } from "./BuiltFiles.ts"
import { MessengerFolder } from "./MessengerFolder.ts"
import { codingFor, hasIt } from "./Negotiation.ts"
import { notBuilt } from "./NotBuilt.ts"
import { pageHeaders } from "./PageHeaders.ts"

const index = "/index.html"

/** The build names these by their content: under one name there is never anything else. */
const isHashed = (path: string) => path.startsWith("/assets/")

const answer = ({ body, compressed, contentType, digest, path }: BuiltFile) =>
  Effect.map(HttpServerRequest.HttpServerRequest, ({ headers: asked }) => {
    const there = (["br", "gzip"] as const).filter((coding) => compressed[coding] !== undefined)
    const coding = codingFor(asked["accept-encoding"], there)
    const chosen = coding === undefined ? undefined : compressed[coding]
    const etag = `"${digest}${coding === undefined ? "" : `-${coding}`}"`
    const headers = {
      ...pageHeaders,
      "cache-control": isHashed(path) ? "public, max-age=31536000, immutable" : "no-cache",
      etag,
      vary: "Accept-Encoding"
    }
    if (hasIt(asked["if-none-match"], etag)) return HttpServerResponse.empty({ status: 304, headers })
    return HttpServerResponse.uint8Array(chosen ?? body, {
      contentType,
      headers: { ...headers, ...(coding !== undefined && { "content-encoding": coding }) }
    })
  })

/** The router takes more than the contract has, `/c/anything` and `//` among it: that is no page of the messenger. */
const onItsPages = <E, R>(page: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    if (isMessengerPage(request.url.split("?", 1)[0] ?? "")) return yield* page
    const reason = new HttpServerError.RouteNotFound({ request })
    return yield* new HttpServerError.HttpServerError({ reason })
  })

/**
 * The messenger: its pages are one document, which finds out by the address what to show. While it is not built the
 * service does everything else, and its pages say how to build it.
 */
export const layer = HttpRouter.use((router) =>
  Effect.gen(function* () {
    const files = yield* builtFiles(yield* MessengerFolder)
    const document = files.find(({ path }) => path === index)
    if (document === undefined) {
      yield* Effect.logWarning("the messenger is not built: `npm run build` makes it, then start again")
    }
    const page = document === undefined ? Effect.succeed(notBuilt) : answer(document)
    for (const path of messengerPages) yield* router.add("GET", path, onItsPages(page))
    if (document === undefined) return
    for (const file of files) if (file.path !== index) yield* router.add("GET", file.path, answer(file))
  })
)

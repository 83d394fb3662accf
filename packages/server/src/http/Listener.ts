import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, Effect, Layer } from "effect"
import { SplitServer } from "../realtime/SplitServer.ts"
import type { Settings } from "../settings/Settings.ts"

/** The server of Node that everything is heard through. */
export class Listener extends Context.Service<Listener, SplitServer>()("@indelible/server/http/Listener") {}

/**
 * Node's own guards against clients that take their time or send what two servers would read differently, stated
 * instead of left to defaults.
 */
const make = ({ headersTimeout, requestTimeout }: Settings) =>
  Effect.sync(() => {
    const server = new SplitServer({
      headersTimeout: headersTimeout * 1_000,
      requestTimeout: requestTimeout * 1_000,
      // How late a slow client may be found out.
      connectionsCheckingInterval: 1_000,
      // An idle connection would hold up a stop for as long.
      keepAliveTimeout: 1_000,
      maxHeaderSize: 16 * 1_024,
      insecureHTTPParser: false,
      requireHostHeader: true
    })
    // It listens a moment before the routes are there and after they are gone; without an answer a client would wait
    // for ever.
    server.on("request", (_request, response) => {
      if (server.listenerCount("request") > 1) return
      response.writeHead(503, { "retry-after": "1", connection: "close", "content-length": "0" }).end()
    })
    return server
  })

const listening = ({ host, port }: Settings) =>
  Layer.unwrap(
    Effect.map(Listener, (server) =>
      NodeHttpServer.layer(() => server, { host, port, gracefulShutdownTimeout: "1 second" })
    )
  )

/** Listens; what is served on it is built on top. */
export const layer = (settings: Settings) =>
  listening(settings).pipe(Layer.provideMerge(Layer.effect(Listener, make(settings))))

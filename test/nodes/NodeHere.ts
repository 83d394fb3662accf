import * as Service from "@indelible/server/Service"
import { fromConfig } from "@indelible/server/settings/Settings"
import { ConfigProvider, Context, Effect, Layer, Logger, References } from "effect"
import { HttpServer } from "effect/http"

/** A node in this process, by the product's own composition root, on a free port. It stops with the scope. */
export const start = Effect.fn("NodeHere.start")(function* (variables: Readonly<Record<string, string>>) {
  const logged: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => void logged.push(`${logLevel} ${String(message)}`))
  const context = yield* Effect.gen(function* () {
    const settings = yield* fromConfig
    return yield* Layer.build(Layer.fresh(Service.layer(settings)))
  }).pipe(
    Effect.provideService(
      ConfigProvider.ConfigProvider,
      ConfigProvider.fromUnknown({ PORT: "0", ...variables })
    ),
    Effect.provideService(References.MinimumLogLevel, "Info"),
    Effect.provide(Logger.layer([logger]))
  )
  const { address } = Context.get(context, HttpServer.HttpServer)
  if (!("port" in address)) return yield* Effect.die(new Error("not listening on TCP"))
  return { port: address.port, origin: `http://127.0.0.1:${address.port}`, logged }
})

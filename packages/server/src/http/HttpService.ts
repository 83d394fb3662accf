import { Effect, Layer, Option } from "effect"
import { HttpRouter } from "effect/http"
import { asConfigured } from "../realtime/ConnectionSettings.ts"
import * as Gateway from "../realtime/Gateway.ts"
import * as RpcCalls from "../rpc/RpcCalls.ts"
import * as RpcGateway from "../rpc/RpcGateway.ts"
import { RpcSettings } from "../rpc/RpcSettings.ts"
import type { Settings } from "../settings/Settings.ts"
import * as Messenger from "../web/Messenger.ts"
import * as SignInPlace from "../web/SignInPlace.ts"
import { Traffic } from "./edge/Traffic.ts"
import * as HttpRoutes from "./HttpRoutes.ts"
import * as Listener from "./Listener.ts"

const edgeOf = ({ corsOrigins, metrics, publicUrl }: Settings) => ({
  corsOrigins,
  metrics,
  secure: Option.exists(publicUrl, ({ protocol }) => protocol === "https:")
})

const quietly = { disableLogger: true, disableListenLog: true }

const routes = (settings: Settings) =>
  HttpRouter.serve(
    Layer.mergeAll(
      HttpRoutes.layer(edgeOf(settings)),
      Messenger.layer,
      SignInPlace.layer(settings.signInUrl)
    ),
    quietly
  )

const sockets = Layer.unwrap(
  Effect.map(Listener.Listener, (server) =>
    Layer.merge(Gateway.layerNoDeps(server), RpcGateway.layer(server))
  )
)

/** What works for whoever connects, over whatever they do; on top of it all that is heard. */
const connecting = (settings: Settings) =>
  RpcCalls.layer.pipe(
    Layer.provideMerge(Gateway.work),
    Layer.provideMerge(
      Layer.effect(
        RpcSettings,
        Effect.map(RpcSettings, (usual) => ({ ...usual, ...asConfigured(settings) }))
      )
    )
  )

/** A stop is told at once by `/health/ready`, and waits for the requests in flight, 3 s at most. */
const draining = Layer.effectDiscard(
  Effect.flatMap(Traffic, ({ drain }) =>
    Effect.addFinalizer(() => Effect.timeoutOption(Effect.interruptible(drain), "3 seconds"))
  )
)

/**
 * Everything that is heard on the network. Sockets and requests in flight are let go first and side by side, while all
 * that they need still works; the listener closes after them.
 */
export const layer = (settings: Settings) =>
  Layer.merge(sockets, draining).pipe(
    Layer.provideMerge(routes(settings)),
    Layer.provideMerge(Listener.layer(settings)),
    Layer.provide(connecting(settings))
  )

/** A node that people do not talk to is asked only how it is. */
export const backstage = (settings: Settings) =>
  draining.pipe(
    Layer.provideMerge(HttpRouter.serve(HttpRoutes.backstage(edgeOf(settings)), quietly)),
    Layer.provideMerge(Listener.layer(settings))
  )

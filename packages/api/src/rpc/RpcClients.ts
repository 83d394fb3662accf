import { Effect, Layer, Schedule, type Scope } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { type Rpc, RpcClient, type RpcClientError, type RpcGroup, RpcSerialization } from "effect/rpc"
import { Socket } from "effect/socket"
import { connectedRpcs, indelibleRpcs } from "./IndelibleRpcs.ts"

export interface RpcEndpoint {
  /** Such as `https://chat.example.com/rpc`; of a connection `wss://chat.example.com/rpc/ws`. */
  readonly url: string
  /** Gives the token of whoever calls, as it is now. */
  readonly token: Effect.Effect<string>
}

type Failure = RpcClientError.RpcClientError

/** Every call over HTTP, typed: each with its own refusals, and `RpcClientError` for what was no answer. */
export type HttpCalls = RpcClient.FromGroup<typeof indelibleRpcs, Failure>

/** The same over a connection, and what is about the connection. */
export type ConnectedCalls = RpcClient.FromGroup<typeof connectedRpcs, Failure>

/** Why signing in on a connection may fail. */
export type NotSignedIn =
  | Rpc.Error<Rpc.ExtractTag<RpcGroup.Rpcs<typeof connectedRpcs>, "Authenticate">>
  | Failure

const options = { disableTracing: true }

/** Calls over HTTP, one request each, with the token of the moment. For Node and browsers. */
export const callsOverHttp = Effect.fnUntraced(function* ({
  token,
  url
}: RpcEndpoint): Effect.fn.Return<HttpCalls, never, Scope.Scope> {
  const protocol = RpcClient.layerProtocolHttp({
    url,
    transformClient: HttpClient.mapRequestEffect((request) =>
      Effect.map(token, (now) => HttpClientRequest.bearerToken(request, now))
    )
  })
  const context = yield* Layer.build(
    protocol.pipe(Layer.provide([RpcSerialization.layerJsonRpc(), FetchHttpClient.layer]))
  )
  return yield* RpcClient.make(indelibleRpcs, options).pipe(Effect.provideContext(context))
})

/**
 * Calls over one WebSocket, signed in, until the scope closes or the connection is lost: from then on all of them fail
 * with `RpcClientError`. It does not connect again; call `Authenticate` with a newer token to stay. For Node and
 * browsers.
 */
export const connectCalls = Effect.fnUntraced(function* ({
  token,
  url
}: RpcEndpoint): Effect.fn.Return<ConnectedCalls, NotSignedIn, Scope.Scope> {
  const protocol = RpcClient.layerProtocolSocket({ retryPolicy: Schedule.recurs(0) })
  const context = yield* Layer.build(
    protocol.pipe(
      Layer.provide([RpcSerialization.layerJsonRpc(), Socket.layerWebSocket(url)]),
      Layer.provide(Socket.layerWebSocketConstructorGlobal)
    )
  )
  const calls = yield* RpcClient.make(connectedRpcs, options).pipe(Effect.provideContext(context))
  yield* calls.Authenticate({ token: yield* token })
  return calls
})

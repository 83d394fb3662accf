import { Effect, Layer, Schedule, type Scope } from "effect"
import { FetchHttpClient, HttpClient, HttpClientError, HttpClientRequest } from "effect/http"
import { type Rpc, RpcClient, type RpcClientError, type RpcGroup, RpcSerialization } from "effect/rpc"
import { Socket } from "effect/socket"
import { connectedRpcs, indelibleRpcs } from "./IndelibleRpcs.ts"
import { asAnswer } from "./RefusedRequest.ts"

export interface RpcEndpoint<E = never> {
  /** Such as `https://chat.example.com/rpc`; of a connection `wss://chat.example.com/rpc/ws`. */
  readonly url: string
  /** Gives the token of whoever calls, as it is now. */
  readonly token: Effect.Effect<string, E>
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

/** HTTP as calls need it. */
const http = <E>(token: Effect.Effect<string, E>) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(HttpClient.HttpClient, (client) =>
      client.pipe(
        HttpClient.mapRequestEffect((request) =>
          token.pipe(
            Effect.map((now) => HttpClientRequest.bearerToken(request, now)),
            Effect.mapError((cause) => {
              const reason = new HttpClientError.TransportError({ request, cause, description: "no token" })
              return new HttpClientError.HttpClientError({ reason })
            })
          )
        ),
        HttpClient.transformResponse((response) =>
          response.pipe(
            Effect.flatMap(asAnswer),
            // Headers that no server lets pages of another origin send.
            Effect.provideService(HttpClient.TracerPropagationEnabled, false)
          )
        )
      )
    )
  ).pipe(Layer.provide(FetchHttpClient.layer))

/**
 * Calls over HTTP, one request each, with the token of the moment; where there is none to be had, that is the cause of an
 * `RpcClientError`. For Node and browsers.
 */
export const callsOverHttp = Effect.fnUntraced(function* <E>({
  token,
  url
}: RpcEndpoint<E>): Effect.fn.Return<HttpCalls, never, Scope.Scope> {
  const context = yield* Layer.build(
    RpcClient.layerProtocolHttp({ url }).pipe(Layer.provide([RpcSerialization.layerJsonRpc(), http(token)]))
  )
  return yield* RpcClient.make(indelibleRpcs, options).pipe(Effect.provideContext(context))
})

/**
 * Calls over one WebSocket, signed in, until the scope closes or the connection is lost: from then on all of them fail
 * with `RpcClientError`. It does not connect again; call `Authenticate` with a newer token to stay. For Node and
 * browsers.
 */
export const connectCalls = Effect.fnUntraced(function* <E>({
  token,
  url
}: RpcEndpoint<E>): Effect.fn.Return<ConnectedCalls, NotSignedIn | E, Scope.Scope> {
  // It may take its time, and a connection waits for 5 s.
  const now = yield* token
  const protocol = RpcClient.layerProtocolSocket({ retryPolicy: Schedule.recurs(0) })
  const context = yield* Layer.build(
    protocol.pipe(
      Layer.provide([RpcSerialization.layerJsonRpc(), Socket.layerWebSocket(url)]),
      Layer.provide(Socket.layerWebSocketConstructorGlobal)
    )
  )
  const calls = yield* RpcClient.make(connectedRpcs, options).pipe(Effect.provideContext(context))
  yield* calls.Authenticate({ token: now })
  return calls
})

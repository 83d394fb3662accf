import {
  type ConnectedCalls,
  callsOverHttp,
  connectCalls,
  type HttpCalls
} from "@indelible/api/rpc/RpcClients"
import { Effect, Exit, Scope } from "effect"
import { afterAll } from "vitest"
import type { HttpWorld } from "../http/HttpWorld.ts"

/** Typed clients of a running product, which go with the tests of a file. */
export const forThisFile = (world: () => HttpWorld) => {
  const scope = Scope.makeUnsafe()
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))
  return {
    overHttp: (token: string): Promise<HttpCalls> => {
      const url = `http://127.0.0.1:${world().port}/rpc`
      return Effect.runPromise(Scope.provide(callsOverHttp({ url, token: Effect.succeed(token) }), scope))
    },
    overWebSocket: (token: string): Promise<ConnectedCalls> => {
      const url = `ws://127.0.0.1:${world().port}/rpc/ws`
      return Effect.runPromise(Scope.provide(connectCalls({ url, token: Effect.succeed(token) }), scope))
    }
  }
}

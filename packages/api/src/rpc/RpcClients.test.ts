import { assert, describe, it } from "@effect/vitest"
import { Data, Effect } from "effect"
import { FetchHttpClient } from "effect/http"
import { DrainingProblem } from "../problem/CallProblems.ts"
import { OverloadedProblem } from "../problem/ServiceProblems.ts"
import { callsOverHttp, connectCalls } from "./RpcClients.ts"

class NoToken extends Data.TaggedError("NoToken") {}

const url = "http://127.0.0.1:1/rpc"
const token = Effect.succeed("a.b.c")

const who = Effect.flatMap(callsOverHttp({ url, token }), (calls) => calls.WhoAmI({}))

const answering = (status: number, body: unknown) =>
  Effect.provideService(FetchHttpClient.Fetch, () => Promise.resolve(Response.json(body, { status })))

describe("the typed clients", () => {
  it.live.each([new OverloadedProblem({ correlationId: "c" }), new DrainingProblem({ correlationId: "c" })])(
    "name a request that was refused before it was a call: $code",
    (problem) =>
      Effect.gen(function* () {
        const refused = yield* Effect.flip(who.pipe(answering(503, problem)))
        assert.strictEqual(refused._tag, problem.code)
      }).pipe(Effect.scoped)
  )

  it.live("take what is no problem of calls for no answer", () =>
    Effect.gen(function* () {
      for (const body of [{}, { code: "body_too_large", status: 413 }, "down for maintenance"]) {
        const refused = yield* Effect.flip(who.pipe(answering(502, body)))
        assert.strictEqual(refused._tag, "RpcClientError")
      }
    }).pipe(Effect.scoped)
  )

  it.live("send no headers but those that a page of another origin may send", () =>
    Effect.gen(function* () {
      let sent: ReadonlyArray<string> = []
      const fetching: typeof fetch = (_url, init) => {
        sent = [...new Headers(init?.headers).keys()]
        return Promise.reject(new Error("away"))
      }
      const away = Effect.provideService(who, FetchHttpClient.Fetch, fetching)
      assert.strictEqual((yield* Effect.flip(away))._tag, "RpcClientError")
      assert.sameMembers([...sent], ["authorization", "content-type"])
    }).pipe(Effect.scoped)
  )

  it.live("tell that there is no token, before they connect", () =>
    Effect.gen(function* () {
      const none = Effect.fail(new NoToken())
      const away = yield* Effect.flip(connectCalls({ url: "ws://127.0.0.1:1/rpc/ws", token: none }))
      assert.strictEqual(away._tag, "NoToken")
      const calls = yield* callsOverHttp({ url, token: none })
      assert.strictEqual((yield* Effect.flip(calls.WhoAmI({})))._tag, "RpcClientError")
    }).pipe(Effect.scoped)
  )
})

import { once } from "node:events"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { WebSocket } from "ws"
import { entrance } from "./Entrance.ts"
import { SplitServer } from "./SplitServer.ts"

const server = Effect.acquireRelease(
  Effect.promise(async () => {
    const listening = new SplitServer().listen(0, "127.0.0.1")
    await once(listening, "listening")
    return listening
  }),
  (listening) => Effect.sync(() => listening.close())
)

describe("entrance", () => {
  it.live("has room for so many, also when their tokens are looked at side by side", () =>
    Effect.gen(function* () {
      const most = 3
      const asking = 10
      const all = yield* Deferred.make<string>()
      const open: Array<WebSocket> = []
      let asked = 0
      const claim = yield* entrance({
        path: "/ws",
        allowedOrigins: [],
        maxFrame: 1_024,
        full: () => (open.length < most ? undefined : "full"),
        identify: (token) =>
          Effect.suspend(() => {
            asked += 1
            return asked < asking ? Deferred.await(all) : Effect.as(Deferred.succeed(all, token), token)
          }),
        connected: (socket) => void open.push(socket)
      })
      const listening = yield* server
      listening.claims.push(claim)
      const address = listening.address()
      const port = typeof address === "object" ? address?.port : undefined
      const statuses = yield* Effect.promise(() =>
        Promise.all(
          Array.from({ length: asking }, () => {
            const headers = { authorization: "Bearer a.b.c" }
            const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers })
            socket.on("error", () => {})
            return Promise.race([
              once(socket, "open").then(() => 101),
              once(socket, "unexpected-response").then(([, response]) => response.statusCode)
            ])
          })
        )
      )
      for (const socket of open) socket.terminate()
      assert.strictEqual(asked, asking)
      assert.lengthOf(
        statuses.filter((status) => status === 101),
        most
      )
      assert.lengthOf(
        statuses.filter((status) => status === 503),
        asking - most
      )
    }).pipe(Effect.scoped)
  )
})

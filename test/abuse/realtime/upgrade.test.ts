import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"
import type { SocketOptions } from "../../realtime/TestSocket.ts"

describe("who may upgrade", () => {
  it.live("W1 W2 J1 refuses foreign pages and bad tokens as plain HTTP, before it is a socket", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* RealtimeWorld.make({ allowedOrigins: ["https://app.example.com"] })
        const { worker } = yield* world.pair
        yield* world.person("carol", { role: "compliance" })
        const token = (userId: string, seconds?: number, claims?: Record<string, string>) =>
          Effect.promise(() => world.token(userId, seconds, claims))
        const good = yield* token(worker.userId)
        const status = (options: SocketOptions) => Effect.promise(() => world.open(options).refused)

        for (const origin of ["https://evil.test", "null", "https://app.example.com.evil.test"]) {
          assert.strictEqual(yield* status({ origin, token: good }), 403, origin)
        }
        assert.strictEqual(yield* status({ path: `/ws?token=${good}` }), 401)
        assert.strictEqual(yield* status({ path: `/ws?x=${good}`, token: good }), 401)
        assert.strictEqual(yield* status({ token: `${good}x` }), 401)
        assert.strictEqual(yield* status({ token: yield* token("nobody") }), 401)
        assert.strictEqual(yield* status({ token: yield* token(worker.userId, -60) }), 401)
        assert.strictEqual(yield* status({ token: yield* token("carol") }), 403)
        assert.strictEqual(yield* status({ token: yield* token("crm", 60, { role: "service" }) }), 403)
        assert.strictEqual(yield* status({ path: "/elsewhere", token: good }), 404)
        assert.strictEqual(world.sessions.open.size, 0)

        for (const origin of ["https://app.example.com", `http://127.0.0.1:${world.port}`]) {
          yield* Effect.promise(() => world.open({ origin, token: good }).opened)
        }
      })
    )
  )

  it.live("refuses sockets beyond what the node takes, with a hint to come back", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* RealtimeWorld.make({ maxSockets: 1 })
        const { worker } = yield* world.pair
        const socket = yield* world.connect(worker.userId)
        const token = yield* Effect.promise(() => world.token(worker.userId))
        assert.strictEqual(yield* Effect.promise(() => world.open({ token }).refused), 503)
        yield* Effect.promise(() => socket.settled())
      })
    )
  )
})

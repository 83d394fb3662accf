import { afterEach, assert, describe, it, vi } from "@effect/vitest"
import { Effect, Random } from "effect"
import { TestClock } from "effect/testing"
import { me } from "../../../../test/client/Histories.ts"
import { scriptedSockets, type Welcome } from "../../../../test/client/ScriptedSockets.ts"
import { ClientError } from "../ClientError.ts"
import type { Surroundings } from "../surroundings/Surroundings.ts"
import { makeConnection } from "./Connection.ts"
import { Tokens } from "./Tokens.ts"

afterEach(() => void vi.unstubAllGlobals())

/** Draws the longest wait of all that are possible. */
const longest = { nextDoubleUnsafe: () => 1, nextIntUnsafe: () => 0 }

const rest = Effect.promise(async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
})
const after = (millis: number) => Effect.andThen(TestClock.adjust(millis), rest)

const world = Effect.fnUntraced(function* (
  script: ReadonlyArray<Welcome>,
  token: (n: number) => Promise<string> = (n) => Promise.resolve(`token ${n}`)
) {
  const sockets = scriptedSockets(...script)
  vi.stubGlobal("WebSocket", sockets.Socket)
  const asked: Array<boolean> = []
  const listeners = new Set<() => void>()
  const network = {
    isOnline: true,
    becomes: (isOnline: boolean) => {
      network.isOnline = isOnline
      for (const listener of [...listeners]) listener()
    }
  }
  const surroundings: Surroundings = {
    isOnline: () => network.isOnline,
    isAttended: () => true,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    }
  }
  const tokens = new Tokens(({ renew }) => {
    asked.push(renew)
    return token(asked.length)
  })
  const house = { url: "ws://service/ws", userId: me, tokens, surroundings, heard: () => {} }
  const connection = yield* Effect.provideService(
    makeConnection({ ...house, catchUp: () => Effect.void }),
    Random.Random,
    longest
  )
  const status = () => connection.state.get().status
  yield* rest
  return { connection, sockets, asked, network, status }
})

describe("the connection", () => {
  it.effect("is online once it is signed in and has caught up", () =>
    Effect.gen(function* () {
      const { asked, connection, sockets, status } = yield* world(["signed in"])
      assert.strictEqual(status(), "online")
      assert.deepStrictEqual([sockets.tokens, asked], [["token 1"], [false]])
      yield* connection.online
    })
  )

  it.effect("renews a refused token once and at once, and is signed out when that is refused too", () =>
    Effect.gen(function* () {
      const refusal = { close: 4401 }
      const { asked, connection, sockets, status } = yield* world([refusal, refusal, "signed in"])
      assert.strictEqual(status(), "signed-out")
      assert.deepStrictEqual(
        [sockets.tokens, asked],
        [
          ["token 1", "token 2"],
          [false, true]
        ]
      )
      yield* after(3_600_000)
      assert.lengthOf(sockets.made, 2, "nothing is tried by itself")
      connection.connectNow()
      yield* rest
      assert.strictEqual(status(), "online")
      assert.deepStrictEqual([sockets.tokens.at(-1), asked], ["token 3", [false, true, true]])
    })
  )

  it.effect("goes on with a renewed token where that is taken", () =>
    Effect.gen(function* () {
      const { sockets, status } = yield* world([{ close: 4401 }, "signed in"])
      assert.strictEqual(status(), "online")
      assert.deepStrictEqual(sockets.tokens, ["token 1", "token 2"])
    })
  )

  it.effect(
    "is signed out where nobody is signed in, and only waits where there is no network for a token",
    () =>
      Effect.gen(function* () {
        const nobody = yield* world([], () => Promise.reject(new ClientError("signed_out", "nobody")))
        assert.strictEqual(nobody.status(), "signed-out")
        const offline = yield* world([], () => Promise.reject(new TypeError("fetch failed")))
        assert.strictEqual(offline.status(), "waiting")
      })
  )

  it.effect("W9 waits longer after each failure, tells until when, and begins anew after a good line", () =>
    Effect.gen(function* () {
      const failure = { close: 1013 }
      const { connection, sockets } = yield* world([failure, failure, failure, "signed in", failure])
      for (const [index, wait] of [500, 1_000, 2_000].entries()) {
        const attempt = index + 1
        const state = connection.state.get()
        assert(state.status === "waiting")
        assert.strictEqual(state.attempt, attempt)
        yield* after(wait - 1)
        assert.lengthOf(sockets.made, attempt)
        yield* after(1)
        assert.lengthOf(sockets.made, attempt + 1)
      }
      assert.strictEqual(connection.state.get().status, "online")
      yield* after(6_000)
      sockets.made.at(-1)?.end(1006)
      yield* rest
      assert.deepInclude(connection.state.get(), { status: "waiting", attempt: 1 })
    })
  )

  it.effect("does not wait when it is told to connect now", () =>
    Effect.gen(function* () {
      const { connection, status } = yield* world([{ close: 1013 }, "signed in"])
      assert.strictEqual(status(), "waiting")
      connection.connectNow()
      yield* rest
      assert.strictEqual(status(), "online")
    })
  )

  it.effect("adds to its wait what a node that stops asked for", () =>
    Effect.gen(function* () {
      const { connection, sockets } = yield* world(["signed in"])
      sockets.made[0]?.hears({ type: "draining", retryAfterMs: 7_000 })
      sockets.made[0]?.end(1012)
      yield* rest
      assert.strictEqual(connection.state.get().status, "waiting")
      yield* after(7_499)
      assert.lengthOf(sockets.made, 1)
      yield* after(1)
      assert.lengthOf(sockets.made, 2)
    })
  )

  it.effect(
    "is offline while the device is, doubts it after a minute, and connects as soon as it is not",
    () =>
      Effect.gen(function* () {
        const { network, sockets, status } = yield* world(["signed in", "nothing", "signed in"])
        network.becomes(false)
        yield* rest
        assert.strictEqual(status(), "offline")
        yield* after(59_000)
        assert.lengthOf(sockets.made, 1)
        yield* after(1_000)
        assert.lengthOf(sockets.made, 2)
        yield* after(10_000)
        assert.strictEqual(status(), "offline")
        network.becomes(true)
        yield* rest
        assert.strictEqual(status(), "online")
      })
  )

  it.effect("gives up a service that does not answer, and one that is silent", () =>
    Effect.gen(function* () {
      const { sockets, status } = yield* world(["nothing", "signed in"])
      assert.strictEqual(status(), "connecting")
      yield* after(10_000)
      assert.strictEqual(status(), "waiting")
      yield* after(500)
      assert.strictEqual(status(), "online")
      yield* after(20_000)
      yield* after(5_000)
      assert.strictEqual(sockets.made[1]?.readyState, 3)
      assert.notStrictEqual(status(), "signed-out")
    })
  )
})

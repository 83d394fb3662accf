import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Random } from "effect"
import { TestClock } from "effect/testing"
import { clientMessageIdAt, conversationId, heardAs } from "../../../../test/client/Histories.ts"
import { lost, noAnswer, refused, ScriptedConnection } from "../../../../test/client/ScriptedConnection.ts"
import { waiting } from "../../../../test/client/Waiting.ts"
import { resending } from "../connection/Backoff.ts"
import type { ClientStore } from "../store/ClientStore.ts"
import { MemoryStore } from "../store/MemoryStore.ts"
import { AloneTab } from "../tabs/AloneTab.ts"
import { Outbox } from "./Outbox.ts"
import { RETRIES, sendWaiting } from "./SendWaiting.ts"

/** Draws the longest wait of all that are possible. */
const longest = { nextDoubleUnsafe: () => 1, nextIntUnsafe: () => 0 }

const world = Effect.fnUntraced(function* (
  connection: ScriptedConnection,
  options: { readonly store?: ClientStore; readonly tabs?: AloneTab; readonly heldUpTo?: number } = {}
) {
  const tabs = options.tabs ?? new AloneTab()
  const outbox = new Outbox(options.store ?? new MemoryStore(), tabs, () => {})
  const send = yield* sendWaiting(outbox, connection, tabs, () => options.heldUpTo ?? 0).pipe(
    Effect.provideService(Random.Random, longest)
  )
  const write = Effect.fnUntraced(function* (...ns: ReadonlyArray<number>) {
    for (const n of ns) yield* Effect.promise(() => outbox.keep(waiting(n)))
  })
  const states = () =>
    outbox.of(conversationId).map(({ clientMessageId, failure }) => {
      if (outbox.isAnswered(clientMessageId)) return "answered"
      return failure?.code ?? "waiting"
    })
  return { outbox, send, write, states }
})

/** Until promises of the store and of turns have come to rest. */
const rest = Effect.promise(async () => {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve()
  await new Promise((resolve) => setImmediate(resolve))
})
const after = (millis: number) => Effect.andThen(TestClock.adjust(millis), rest)

describe("sending what waits", () => {
  it.effect("REQ-3 one after the other in the order of writing, and once each", () =>
    Effect.gen(function* () {
      const connection = new ScriptedConnection()
      const { outbox, send, states, write } = yield* world(connection)
      yield* write(1, 2, 3)
      send(conversationId)
      send(conversationId)
      yield* rest
      assert.deepStrictEqual(connection.asked, ["text 1", "text 2", "text 3"])
      assert.deepStrictEqual(states(), ["answered", "answered", "answered"])
      assert.strictEqual(outbox.unsent.get(), 0)
    })
  )

  it.effect("holds the next back until the one before is on record", () =>
    Effect.gen(function* () {
      const answer = yield* Deferred.make<void>()
      const slow = Effect.andThen(
        Deferred.await(answer),
        Effect.sync(() => heardAs({ type: "pong" }))
      )
      const connection = new ScriptedConnection(Effect.andThen(slow, refused("forbidden")))
      const { send, states, write } = yield* world(connection)
      yield* write(1, 2)
      send(conversationId)
      yield* rest
      assert.deepStrictEqual(connection.asked, ["text 1"])
      yield* Deferred.succeed(answer, undefined)
      yield* rest
      assert.deepStrictEqual(connection.asked, ["text 1", "text 2"])
      assert.deepStrictEqual(states(), ["forbidden", "answered"])
    })
  )

  it.effect("settles at once what is on record already, as after a repeat", () =>
    Effect.gen(function* () {
      const { outbox, send, write } = yield* world(new ScriptedConnection("repeat"), { heldUpTo: 5 })
      yield* write(1)
      send(conversationId)
      yield* rest
      assert.deepStrictEqual(outbox.of(conversationId), [])
    })
  )

  it.effect.each([
    ["refused for now", refused("overloaded")],
    ["not answered", noAnswer]
  ] as const)(
    "F31 tries what was %s 3 times again, later each time, and then waits for a tap",
    ([, answer]) =>
      Effect.gen(function* () {
        const connection = new ScriptedConnection(answer, answer, answer, answer, answer)
        const { outbox, send, states, write } = yield* world(connection)
        yield* write(1, 2)
        send(conversationId)
        yield* rest
        for (let attempt = 1; attempt <= RETRIES; attempt += 1) {
          assert.lengthOf(connection.asked, attempt)
          assert.strictEqual(outbox.find(clientMessageIdAt(1))?.attempts, attempt)
          yield* after(Math.min(resending.most, resending.first * 2 ** (attempt - 1)))
        }
        assert.deepStrictEqual(connection.asked, Array(1 + RETRIES).fill("text 1"))
        assert.notStrictEqual(states()[0], "waiting")
        assert.strictEqual(states()[1], "waiting")
        yield* after(600_000)
        send(conversationId)
        yield* rest
        assert.lengthOf(connection.asked, 1 + RETRIES, "nothing goes out by itself")
      })
  )

  it.effect("waits as long as it is told to, and no more than half a minute by itself", () =>
    Effect.gen(function* () {
      const connection = new ScriptedConnection(
        refused("rate_limited", 7_000),
        refused("rate_limited", 60_000)
      )
      const { send, states, write } = yield* world(connection)
      yield* write(1)
      send(conversationId)
      yield* rest
      yield* after(6_999)
      assert.lengthOf(connection.asked, 1)
      yield* after(1)
      assert.lengthOf(connection.asked, 2)
      assert.deepStrictEqual(states(), ["rate_limited"])
    })
  )

  it.effect.each(["invalid_frame", "forbidden", "conversation_not_found", "key_reused"])(
    "lets the next go when one is refused for good with %s",
    (code) =>
      Effect.gen(function* () {
        const connection = new ScriptedConnection(refused(code))
        const { send, states, write } = yield* world(connection)
        yield* write(1, 2)
        send(conversationId)
        yield* rest
        assert.deepStrictEqual(connection.asked, ["text 1", "text 2"])
        assert.deepStrictEqual(states(), [code, "answered"])
      })
  )

  it.effect("F30 does not count a lost line, and goes on where it was with the next", () =>
    Effect.gen(function* () {
      const connection = new ScriptedConnection(...Array.from({ length: 10 }, () => lost()))
      const { outbox, send, states, write } = yield* world(connection)
      yield* write(1, 2)
      send(conversationId)
      for (let turn = 0; turn < 12; turn += 1) yield* rest
      assert.deepStrictEqual(connection.asked, [...Array(10).fill("text 1"), "text 1", "text 2"])
      assert.deepStrictEqual(states(), ["answered", "answered"])
      assert.strictEqual(outbox.find(clientMessageIdAt(1))?.attempts, 0)
    })
  )

  it.effect("gives up a message that the line was closed for", () =>
    Effect.gen(function* () {
      const connection = new ScriptedConnection(lost(1009))
      const { send, states, write } = yield* world(connection)
      yield* write(1, 2)
      send(conversationId)
      yield* rest
      assert.deepStrictEqual(connection.asked, ["text 1", "text 2"])
      assert.deepStrictEqual(states(), ["invalid_frame", "answered"])
    })
  )

  it.effect("waits for the connection, and then needs nobody to begin it", () =>
    Effect.gen(function* () {
      const connection = new ScriptedConnection()
      connection.offline()
      const { send, write } = yield* world(connection)
      yield* write(1)
      send(conversationId)
      yield* rest
      assert.deepStrictEqual(connection.asked, [])
      yield* write(2)
      connection.back()
      yield* rest
      assert.deepStrictEqual(connection.asked, ["text 1", "text 2"])
    })
  )

  it.effect("W2 in two tabs of one store sends each message once, never two at once", () =>
    Effect.gen(function* () {
      const [store, tabs] = [new MemoryStore(), new AloneTab()]
      const answer = yield* Deferred.make<void>()
      let underway = 0
      let most = 0
      const slow = Effect.gen(function* () {
        underway += 1
        most = Math.max(most, underway)
        yield* Deferred.await(answer)
        underway -= 1
        return yield* refused("forbidden")
      })
      const connections = [new ScriptedConnection(slow), new ScriptedConnection(slow)]
      const clients = yield* Effect.forEach(connections, (connection) => world(connection, { store, tabs }))
      yield* Effect.forEach(clients, ({ write }) => write(1, 2))
      for (const { send } of clients) send(conversationId)
      yield* rest
      yield* Deferred.succeed(answer, undefined)
      for (let turn = 0; turn < 4; turn += 1) yield* rest
      assert.strictEqual(most, 1)
      assert.deepStrictEqual(connections.flatMap(({ asked }) => asked).toSorted(), ["text 1", "text 2"])
    })
  )

  it.effect("goes on when the store could not be read for a while", () =>
    Effect.gen(function* () {
      const store = new MemoryStore()
      let broken = true
      const entries: ClientStore["entries"] = (collection) =>
        broken ? Promise.reject(new Error("no disk")) : store.entries(collection)
      const connection = new ScriptedConnection()
      const { send, write } = yield* world(connection, { store: { ...store, entries } })
      yield* write(1)
      send(conversationId)
      yield* rest
      assert.deepStrictEqual(connection.asked, [])
      broken = false
      yield* after(resending.most)
      assert.deepStrictEqual(connection.asked, ["text 1"])
    })
  )
})

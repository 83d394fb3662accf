import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { freshStream, lock, meta, note, owner, turnTo } from "../../contract/Notebook.ts"
import * as FaultProxy from "../../faults/FaultProxy.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { make } from "./LogWorld.ts"

/** Two nodes on one log: `near` straight at the database, `far` by way of a proxy. */
const twoNodes = Effect.fnUntraced(function* (server: Parameters<typeof make>[0]) {
  const world = yield* make(server)
  const proxy = yield* FaultProxy.make(world.url)
  return { proxy, near: yield* world.node("near"), far: yield* world.node("far", { over: proxy.url }) }
})

describe.each(TestDatabase.oneServer())("a call that arrives late, on %s", (server) => {
  it.live("after its repeat has been saved: it saves nothing", () =>
    Effect.gen(function* () {
      const { far, proxy } = yield* twoNodes(server)
      const stream = freshStream()
      const held = yield* proxy.holdNextCall
      const sending = yield* Effect.forkChild(far.execute(note, stream, { owner, text: "one" }, meta()))
      yield* held.arrived
      yield* held.loseCaller
      const { events, repeat } = yield* Fiber.join(sending)
      assert.strictEqual(repeat, false, "the repeat was the first to arrive")
      yield* held.release
      const stored = yield* far.readStream(stream, 0, 10)
      assert.deepStrictEqual(
        stored.map(({ headerBytes }) => headerBytes),
        events.map(({ stored }) => stored.headerBytes)
      )
    })
  )

  it.live("at any moment around its repeat: one of the two saves", () =>
    Effect.gen(function* () {
      const seed = seeded(`call held back, ${server}`)
      const { far, proxy } = yield* twoNodes(server)
      for (let i = 0; i < 25; i++) {
        const stream = freshStream()
        const held = yield* proxy.holdNextCall
        const sending = yield* Effect.forkChild(far.execute(note, stream, { owner, text: "one" }, meta()))
        yield* held.arrived
        yield* held.loseCaller
        yield* Effect.sleep(seed.random() * 80)
        const releasing = yield* Effect.forkChild(held.release)
        const { events, repeat } = yield* Fiber.join(sending)
        yield* Fiber.join(releasing)
        assert.strictEqual(repeat, false, "whichever copy was saved, it was sent once")
        const stored = yield* far.readStream(stream, 0, 10)
        assert.deepStrictEqual(
          stored.map(({ headerBytes }) => headerBytes),
          events.map(({ stored }) => stored.headerBytes)
        )
      }
    })
  )

  it.live("when its repeat would be refused: the outcome is unknown", () =>
    Effect.gen(function* () {
      const { far, near, proxy } = yield* twoNodes(server)
      const stream = freshStream()
      yield* far.execute(note, stream, { owner, text: "one" }, meta())
      const held = yield* proxy.holdNextCall
      const id = randomUUID()
      const send = far.execute(note, stream, { owner, text: "two" }, meta(id))
      const sending = yield* Effect.forkChild(Effect.flip(send))
      yield* held.arrived
      yield* near.execute(lock, stream, null, meta())
      yield* held.loseCaller
      assert.strictEqual((yield* Fiber.join(sending))._tag, "OutcomeUnknown")
      yield* held.release
      assert.deepStrictEqual(
        (yield* far.readStream(stream, 0, 10)).map(({ header }) => header.type),
        ["NotebookOpened", "Noted", "NotebookLocked"]
      )
      assert.strictEqual((yield* Effect.flip(send))._tag, "Locked", "asked again, it is settled")
    })
  )

  it.live("when its repeat would find it already so: the outcome is unknown", () =>
    Effect.gen(function* () {
      const { far, near, proxy } = yield* twoNodes(server)
      const stream = freshStream()
      yield* far.execute(note, stream, { owner, text: "one" }, meta())
      const held = yield* proxy.holdNextCall
      const turn = far.execute(turnTo, stream, { page: 5 }, meta(randomUUID()))
      const turning = yield* Effect.forkChild(Effect.flip(turn))
      yield* held.arrived
      yield* near.execute(turnTo, stream, { page: 9 }, meta())
      yield* held.loseCaller
      assert.strictEqual((yield* Fiber.join(turning))._tag, "OutcomeUnknown")
      yield* held.release
      assert.deepStrictEqual((yield* turn).events, [])
      assert.strictEqual((yield* far.readStream(stream, 0, 10)).length, 3)
    })
  )

  it.live("of a command that writes nothing: it is settled like any other first call", () =>
    Effect.gen(function* () {
      const { far, near, proxy } = yield* twoNodes(server)
      const stream = freshStream()
      yield* far.execute(turnTo, stream, { page: 5 }, meta())
      const held = yield* proxy.holdNextCall
      const turning = yield* Effect.forkChild(far.execute(turnTo, stream, { page: 3 }, meta()))
      yield* held.arrived
      yield* near.execute(lock, stream, null, meta())
      yield* held.loseCaller
      const { events, token } = yield* Fiber.join(turning)
      assert.deepStrictEqual(events, [])
      yield* held.release
      const stored = yield* far.readStream(stream, 0, 10)
      assert.deepStrictEqual(token, { [String(stored[0]?.slice)]: stored.at(-1)?.slicePos })
      assert.strictEqual(stored.length, 2)
    })
  )

  it.live("when the repeat gets no answer either: unknown after 2 s, and the same id settles it", () =>
    Effect.gen(function* () {
      const { far, proxy } = yield* twoNodes(server)
      const stream = freshStream()
      const id = randomUUID()
      const [first, second] = [yield* proxy.holdNextCall, yield* proxy.holdNextCall]
      const send = far.execute(note, stream, { owner, text: "one" }, meta(id))
      const sending = yield* Effect.forkChild(Effect.flip(send))
      yield* first.arrived
      yield* first.loseCaller
      const lost = performance.now()
      yield* second.arrived
      assert.strictEqual((yield* Fiber.join(sending))._tag, "OutcomeUnknown")
      const millis = performance.now() - lost
      console.log(`no answer to the repeat either, ${server}: unknown after ${millis.toFixed(0)} ms`)
      assert.isAbove(millis, 1_500)
      assert.isBelow(millis, 2_500)
      // Both copies are still under way; the later one arrives first.
      yield* second.release
      yield* first.release
      const { events, repeat } = yield* send
      assert.strictEqual(repeat, true)
      const stored = yield* far.readStream(stream, 0, 10)
      assert.deepStrictEqual(
        stored.map(({ headerBytes }) => headerBytes),
        events.map(({ stored }) => stored.headerBytes)
      )
    })
  )

  it.live("holds up no other slice's commands while it is missing", () =>
    Effect.gen(function* () {
      const { far, proxy } = yield* twoNodes(server)
      const held = yield* proxy.holdNextCall
      const stream = freshStream()
      const sending = yield* Effect.forkChild(far.execute(note, stream, { owner, text: "one" }, meta()))
      yield* held.arrived
      yield* held.loseCaller
      const answers = yield* Effect.forEach(
        Array.from({ length: 100 }, freshStream),
        (other) => far.execute(note, other, { owner, text: "two" }, meta()),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(answers.length, 100)
      yield* Fiber.join(sending)
      yield* held.release
    })
  )
})

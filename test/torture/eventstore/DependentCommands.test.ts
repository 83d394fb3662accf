import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import type { EventStore } from "@indelible/application/store/EventStore"
import { streamId } from "@indelible/application/store/StreamId"
import { sendText } from "@indelible/domain/conversation/SendText"
import { startConversation } from "@indelible/domain/conversation/StartConversation"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Fiber } from "effect"
import { meta } from "../../contract/Notebook.ts"
import * as FaultProxy from "../../faults/FaultProxy.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { make } from "./LogWorld.ts"

type Store = EventStore["Service"]

const conversation = () => {
  const [business, worker] = [SubjectId.make(randomUUID()), SubjectId.make(randomUUID())]
  const stream = streamId("conversation", randomUUID())
  const sendId = randomUUID()
  return {
    stream,
    start: (store: Store) =>
      store.execute(
        startConversation,
        stream,
        { business, worker, applicationId: "7" },
        meta(randomUUID(), business)
      ),
    send: (store: Store) =>
      store.execute(sendText, stream, { by: business, text: "first", metadata: null }, meta(sendId, business))
  }
}

describe.each(TestDatabase.oneServer())("a message right behind the start it needs, on %s", (server) => {
  it.live("I2 is not saved by a late call after it was refused", () =>
    Effect.gen(function* () {
      const world = yield* make(server)
      const proxy = yield* FaultProxy.make(world.url)
      const near = yield* world.node("near")
      const far = yield* world.node("far", { over: proxy.url, lanes: 1 })
      const { send, start, stream } = conversation()
      // So that both find a key and a connection at once, and wait for the same call.
      const warm = conversation()
      yield* warm.start(far)

      const [first, second] = [yield* proxy.holdNextCall, yield* proxy.holdNextCall]
      const both = yield* Effect.forkChild(
        Effect.all([Effect.flip(start(far)), Effect.flip(send(far))], { concurrency: "unbounded" })
      )
      yield* first.arrived
      yield* first.loseCaller
      yield* second.arrived
      const [started, sent] = yield* Fiber.join(both)
      assert.strictEqual(started._tag, "OutcomeUnknown")
      // It was never sent, so "busy" is true of it.
      assert.strictEqual(sent._tag, "Busy")

      assert.strictEqual((yield* Effect.flip(send(near)))._tag, "ConversationNotFound")
      yield* second.release
      yield* first.release
      yield* Effect.sleep("200 millis")
      const stored = yield* near.readStream(stream, 0, 10)
      assert.deepStrictEqual(
        stored.map(({ header }) => header.type),
        ["ConversationStarted"]
      )
      assert.strictEqual((yield* send(near)).repeat, false)
    })
  )

  it.live("goes through at once when nothing is lost", () =>
    Effect.gen(function* () {
      const world = yield* make(server)
      const node = yield* world.node("a", { lanes: 1 })
      const { send, start } = conversation()
      const [started, sent] = yield* Effect.all([start(node), send(node)], { concurrency: "unbounded" })
      assert.deepStrictEqual(
        [...started.events, ...sent.events].map(({ stored }) => stored.header.streamPos),
        [1, 2]
      )
    })
  )
})

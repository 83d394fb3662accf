import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { EventOpener } from "@indelible/application/store/EventOpener"
import { type CommandMeta, EventStore } from "@indelible/application/store/EventStore"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { streamId } from "@indelible/application/store/StreamId"
import { archive } from "@indelible/domain/conversation/Archive"
import { type Conversation, conversation } from "@indelible/domain/conversation/Conversation"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import { markDelivered } from "@indelible/domain/conversation/MarkDelivered"
import { markRead } from "@indelible/domain/conversation/MarkRead"
import { sendText } from "@indelible/domain/conversation/SendText"
import { startConversation } from "@indelible/domain/conversation/StartConversation"
import type { ReadEvent } from "@indelible/domain/event/DomainEvent"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryEventStore from "@indelible/infrastructure/memory/MemoryEventStore"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { Effect, Layer, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import * as TestDatabase from "../servers/TestDatabase.ts"
import * as LogDatabase from "./LogDatabase.ts"
import { pairs, play, RandomHistory } from "./projections/RandomHistory.ts"

const meta = (actor: SubjectId): CommandMeta => ({
  actor,
  commandId: randomUUID(),
  correlationId: "test",
  causationId: null,
  client: "test"
})

const fold = (stored: ReadonlyArray<StoredEvent>, events: ReadonlyArray<ReadEvent<ConversationEvent>>) =>
  stored.reduce<Conversation>((state, { header }, i) => {
    const event = events[i]
    return event === undefined
      ? state
      : conversation.evolve(state, { ...event, pos: header.streamPos, recordedAt: header.recordedAt })
  }, conversation.initial)

const inMemory = MemoryEventStore.layer.pipe(
  Layer.provideMerge(EnvelopeOpener.layer),
  Layer.provideMerge(MemoryKeyVault.layer),
  Layer.provide(SecureRandom.layerWebCrypto)
)

it.effect.prop(
  "X7: with every key destroyed, any history folds to the state that is stored beside the stream",
  [RandomHistory],
  ([history]) =>
    Effect.gen(function* () {
      const [store, opener, vault] = [yield* EventStore, yield* EventOpener, yield* KeyVault]
      yield* play(history, "forgotten", () => Effect.void)
      const streams = pairs("forgotten").map(({ id }) => streamId(conversation.category, id))
      const stored = yield* Effect.forEach(streams, (stream) => store.readStream(stream, 0, 10_000))
      const begun = stored.filter((events) => events.length > 0)
      const keyIds = new Set(begun.flat().flatMap(({ header }) => header.keyId ?? []))
      assert.isAtLeast(keyIds.size, 1)
      yield* Effect.forEach(keyIds, vault.destroy)

      const heads = yield* store.heads(conversation, streams)
      assert.strictEqual(heads.length, begun.length)
      for (const events of begun) {
        const opened = (yield* opener.open(conversation.events, events)).map((event) =>
          Result.getOrThrow(event)
        )
        assert.isTrue(opened.every(({ body }) => body === null))
        const head = heads.find(({ streamId }) => streamId === events[0]?.streamId)
        assert.deepStrictEqual(fold(events, opened), head?.state)
      }
    }).pipe(Effect.provide(Layer.fresh(inMemory))),
  { arbitrary: { runs: 40, size: 60 } }
)

describe.each(TestDatabase.whichServers())("content whose keys are all destroyed, on %s", (server) => {
  it.live("leaves states that fold to what is stored beside the stream, and still decides", () =>
    Effect.gen(function* () {
      const [store, opener, vault] = [yield* EventStore, yield* EventOpener, yield* KeyVault]
      const [business, worker] = [SubjectId.make(randomUUID()), SubjectId.make(randomUUID())]
      const stream = streamId("conversation", randomUUID())
      const send = (by: SubjectId, text: string) =>
        store.execute(sendText, stream, { by, text, metadata: { shift: "late" } }, meta(by))

      yield* store.execute(
        startConversation,
        stream,
        { business, worker, applicationId: "7" },
        meta(business)
      )
      yield* send(business, "hello")
      yield* send(worker, "hi")
      yield* store.execute(markDelivered, stream, { by: worker, upTo: "head" }, meta(worker))
      yield* store.execute(archive, stream, { by: business, basedOn: null }, meta(business))
      yield* send(worker, "one more")
      yield* store.execute(markRead, stream, { by: business, upTo: "head" }, meta(business))

      const stored = yield* store.readStream(stream, 0, 1_000)
      const keyIds = new Set(stored.flatMap(({ header }) => header.keyId ?? []))
      assert.isAtLeast(keyIds.size, 2)
      yield* Effect.forEach(keyIds, vault.destroy)

      const opened = yield* opener.open(conversation.events, stored)
      const events = opened.map((event) => Result.getOrThrow(event))
      assert.isTrue(events.every(({ body }) => body === null))
      const [head] = yield* store.heads(conversation, [stream])
      assert.deepStrictEqual(fold(stored, events), head?.state)

      const unread = yield* store.execute(markRead, stream, { by: worker, upTo: "head" }, meta(worker))
      assert.deepStrictEqual(unread.events[0]?.event.facts.tally.unread, { business: 0, worker: 0 })
    }).pipe(Effect.provide(LogDatabase.layer(server)), Effect.scoped)
  )
})

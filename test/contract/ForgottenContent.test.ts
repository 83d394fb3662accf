import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { EventOpener } from "@indelible/application/store/EventOpener"
import { type CommandMeta, EventStore } from "@indelible/application/store/EventStore"
import { streamId } from "@indelible/application/store/StreamId"
import { archive } from "@indelible/domain/conversation/Archive"
import { type Conversation, conversation } from "@indelible/domain/conversation/Conversation"
import { markDelivered } from "@indelible/domain/conversation/MarkDelivered"
import { markRead } from "@indelible/domain/conversation/MarkRead"
import { sendText } from "@indelible/domain/conversation/SendText"
import { startConversation } from "@indelible/domain/conversation/StartConversation"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Result } from "effect"
import * as TestDatabase from "../servers/TestDatabase.ts"
import * as LogDatabase from "./LogDatabase.ts"

const meta = (actor: SubjectId): CommandMeta => ({
  actor,
  commandId: randomUUID(),
  correlationId: "test",
  causationId: null,
  client: "test"
})

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
      const folded = stored.reduce<Conversation>((state, { header }, i) => {
        const event = events[i]
        return event === undefined
          ? state
          : conversation.evolve(state, { ...event, pos: header.streamPos, recordedAt: header.recordedAt })
      }, conversation.initial)
      const [head] = yield* store.heads(conversation, [stream])
      assert.deepStrictEqual(folded, head?.state)

      const unread = yield* store.execute(markRead, stream, { by: worker, upTo: "head" }, meta(worker))
      assert.deepStrictEqual(unread.events[0]?.event.facts.tally.unread, { business: 0, worker: 0 })
    }).pipe(Effect.provide(LogDatabase.layer(server)), Effect.scoped)
  )
})

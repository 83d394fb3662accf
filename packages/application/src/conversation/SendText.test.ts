import { assert, describe, it } from "@effect/vitest"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { ConversationNotFound } from "@indelible/domain/conversation/ConversationRefusal"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import * as ConversationWorld from "../../../../test/usecases/ConversationWorld.ts"
import { newId, origin } from "../../../../test/usecases/ConversationWorld.ts"
import { MaxMessageLength } from "./MaxMessageLength.ts"
import { InvalidMessage } from "./SendText.ts"

describe("REQ-MSG-003: sending", () => {
  it.effect("answers with the message's place, number and time, and tells both people's devices", () =>
    Effect.gen(function* () {
      const world = yield* ConversationWorld.started
      const { conversation } = world
      yield* TestClock.setTime(Date.UTC(2026, 0, 2, 3, 4, 5, 678))
      const text = "<b>hi</b> 👩‍👩‍👧‍👦\u202e"
      const sent = yield* world.send({
        by: world.worker,
        conversation,
        clientMessageId: newId(),
        text,
        metadata: { job: "7" },
        origin
      })
      const { head } = yield* world.access.open(world.worker, conversation)
      assert.deepStrictEqual(sent, {
        messageId: `${conversation}.2`,
        pos: 2,
        tag: head.tag,
        seq: 1,
        sentAt: "2026-01-02T03:04:05.678Z",
        repeat: false,
        token: { [head.slice]: head.slicePos }
      })
      const [publication, ...more] = world.published
      assert.lengthOf(more, 0)
      assert.deepStrictEqual(publication?.participants, [world.business, world.worker])
      const [recorded] = publication?.events ?? []
      assert.deepStrictEqual(recorded?.event.body, { text, metadata: { job: "7" } }, "as it was sent")
      assert.deepInclude(recorded?.stored.header, { actor: world.worker, ...origin, streamPos: 2 })
    })
  )

  it.effect("numbers messages without a gap, whatever else happens between them", () =>
    Effect.gen(function* () {
      const { archive, business, of, read, say, worker } = yield* ConversationWorld.started
      const first = yield* say(business, "one")
      yield* read({ ...of(worker), upTo: "all" })
      yield* archive({ ...of(worker), basedOn: null })
      const second = yield* say(worker, "two")
      assert.deepEqual([first.seq, second.seq], [1, 2])
      assert.isAbove(second.pos, first.pos + 1)
    })
  )

  it.effect("task 4.6: re-opens what was archived, and answers with the message, not the re-opening", () =>
    Effect.gen(function* () {
      const { access, archive, business, conversation, of, published, say, worker } =
        yield* ConversationWorld.started
      yield* archive({ ...of(worker), basedOn: null })
      const clientMessageId = newId()
      const sent = yield* say(business, "still there?", clientMessageId)
      assert.deepEqual(
        published.at(-1)?.events.map(({ event }) => event.type),
        ["ConversationReopened", "TextSent"]
      )
      assert.strictEqual((yield* access.open(worker, conversation)).head.state.tally.status, "ACTIVE")
      assert.deepStrictEqual(yield* say(business, "still there?", clientMessageId), { ...sent, repeat: true })
    })
  )

  it.effect("H12: the same send again is the same message, and not told again", () =>
    Effect.gen(function* () {
      const { business, published, say, worker } = yield* ConversationWorld.started
      const clientMessageId = newId()
      const [first, ...repeats] = yield* Effect.all(
        Array.from({ length: 20 }, () => say(business, "once", clientMessageId)),
        { concurrency: "unbounded" }
      )
      assert(first !== undefined)
      yield* say(worker, "meanwhile")
      repeats.push(yield* say(business, "once", clientMessageId))
      for (const { token: _, ...repeat } of repeats) {
        const { token: __, ...original } = first
        assert.deepStrictEqual(repeat, { ...original, repeat: true })
      }
      assert.lengthOf(published, 2)
    })
  )

  it.effect(
    "H13: the same id with other content is refused; from the other person it is another message",
    () =>
      Effect.gen(function* () {
        const { business, conversation, say, send, worker } = yield* ConversationWorld.started
        const clientMessageId = newId()
        yield* say(business, "first", clientMessageId)
        assert.strictEqual((yield* Effect.flip(say(business, "second", clientMessageId)))._tag, "KeyReused")
        const request = { by: business, conversation, clientMessageId, text: "first", origin }
        assert.strictEqual((yield* Effect.flip(send({ ...request, metadata: { a: 1 } })))._tag, "KeyReused")
        assert.deepInclude(yield* say(worker, "second", clientMessageId), { seq: 2, repeat: false })
      })
  )

  it.effect("T4 T6 T7: refuses what may not be sent, saying why without quoting it", () =>
    Effect.gen(function* () {
      const { business, conversation, published, say, send } = yield* ConversationWorld.started
      for (const text of ["", " ", "\u200b", "x".repeat(5001), "secret\u0000", "secret\ud800"]) {
        const error = yield* Effect.flip(say(business, text))
        assert(error instanceof InvalidMessage)
        assert.strictEqual(error.field, "text")
        assert.notInclude(error.message, "secret")
      }
      const request = { by: business, conversation, text: "x", origin }
      for (const metadata of [{ a: "x".repeat(3000) }, { constructor: "x" }, { a: "\u0000" }]) {
        const error = yield* Effect.flip(send({ ...request, clientMessageId: newId(), metadata }))
        assert.include(error, { _tag: "InvalidMessage", field: "metadata" })
      }
      assert.lengthOf(published, 0)
    })
  )

  it.effect("the longest text is a matter of configuration", () =>
    Effect.gen(function* () {
      const { business, say } = yield* ConversationWorld.started.pipe(
        Effect.provide(Layer.succeed(MaxMessageLength, 3))
      )
      yield* say(business, "abc")
      assert.strictEqual((yield* Effect.flip(say(business, "abcd")))._tag, "InvalidMessage")
    })
  )

  it.effect("H2: to a stranger, a conversation of others is one that does not exist", () =>
    Effect.gen(function* () {
      const world = yield* ConversationWorld.started
      const nowhere = ConversationId.make("0190f1a0-0000-8000-8000-000000000000")
      for (const conversation of [world.conversation, nowhere]) {
        const of = { ...world.requestBy(world.stranger), conversation }
        const refusals: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
          world.send({ ...of, clientMessageId: newId(), text: "x", metadata: null }),
          world.read({ ...of, upTo: "all" }),
          world.read({ ...of, upTo: { pos: 1 } }),
          world.read({ ...of, upTo: { message: 1 } }),
          world.read({ ...of, upTo: { pos: 99 } }),
          world.deliver({ ...of, upTo: "all" }),
          world.deliver({ ...of, upTo: { message: 99 } }),
          world.archive({ ...of, basedOn: null }),
          world.archive({ ...of, basedOn: 0 }),
          world.reopen({ ...of, basedOn: null }),
          world.access.open(world.stranger, conversation)
        ]
        for (const refusal of refusals) {
          assert.deepStrictEqual(yield* Effect.flip(refusal), new ConversationNotFound())
        }
      }
      assert.lengthOf(world.published, 0)
      assert.lengthOf(yield* world.access.openAll(world.stranger, [world.conversation, nowhere]), 0)
      assert.lengthOf(yield* world.access.openAll(world.worker, [world.conversation, nowhere]), 1)
      assert.lengthOf(yield* world.access.openAll(world.worker, []), 0)
    })
  )
})

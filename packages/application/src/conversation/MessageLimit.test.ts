import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { ConversationNotFound } from "@indelible/domain/conversation/ConversationRefusal"
import { Deferred, Effect, Fiber } from "effect"
import { SecureRandom } from "effect/crypto"
import { TestClock } from "effect/testing"
import * as ConversationWorld from "../../../../test/usecases/ConversationWorld.ts"
import { newId } from "../../../../test/usecases/ConversationWorld.ts"
import { RateLimited } from "../limits/RateLimited.ts"
import { type LimitStanding, RateLimits } from "../limits/RateLimits.ts"
import { perHour, RateRules, usualRules } from "../limits/RateRules.ts"
import { TellStanding } from "../limits/TellStanding.ts"
import { EventStore } from "../store/EventStore.ts"
import { Busy, KeyReused, OutcomeUnknown, Overloaded, Unavailable } from "../store/EventStoreError.ts"
import { messageLimit } from "./MessageLimit.ts"
import type { SentMessage } from "./SendText.ts"

/** Three messages an hour, and as many questions past that. */
const rules = { ...usualRules, messages: perHour(3), repeats: perHour(3) }

const limited = Effect.gen(function* () {
  const world = yield* ConversationWorld.started.pipe(Effect.provideService(RateRules, rules))
  const withinLimit = yield* messageLimit.pipe(
    Effect.provideService(RateLimits, world.limits),
    Effect.provideService(EventStore, world.store),
    Effect.provide(SecureRandom.layerWebCrypto)
  )
  const { business, conversation, limits, say } = world
  return {
    ...world,
    /** Something that is written under a name, and how that ends. */
    write: <A extends { readonly repeat: boolean }, E, R>(
      clientMessageId: ReturnType<typeof newId>,
      writing: Effect.Effect<A, E, R>
    ) => withinLimit({ by: business, conversation, clientMessageId }, writing),
    /** How many more this person may send; leaves it as it was. */
    remaining: Effect.flatMap(limits.take("messages", business, randomUUID()), (turn) =>
      turn._tag === "Admitted" ? Effect.map(turn.giveBack, ({ remaining }) => remaining) : Effect.succeed(0)
    ),
    /** Sends new messages until there is room for none. */
    fill: Effect.gen(function* () {
      const more = Effect.suspend(() => say(business, "more"))
      const filling = Effect.repeat(more, { times: rules.messages.most })
      assert.instanceOf(yield* Effect.flip(filling), RateLimited)
    })
  }
})

const repeatOf = ({ token: _, ...sent }: SentMessage) => ({ ...sent, repeat: true })

const appended = Effect.succeed({ repeat: false })
const repeated = Effect.succeed({ repeat: true })

describe("NFR-MSG-SEC-003: the limit of messages", () => {
  it.effect(
    "given as many messages in an hour as may be, one more is refused until the first is an hour old",
    () =>
      Effect.gen(function* () {
        const { business, conversation, published, say, worker } = yield* limited
        yield* say(business, "one")
        yield* TestClock.adjust("20 minutes")
        yield* say(business, "two")
        yield* say(business, "three")
        published.length = 0
        const refused = yield* Effect.flip(say(business, "four"))
        assert.deepStrictEqual(
          refused,
          new RateLimited({
            limit: "messages",
            most: 3,
            window: 3_600_000,
            remaining: 0,
            retryAfterMs: 2_400_000
          })
        )
        assert.strictEqual(
          refused.message,
          "3 messages in 3600 s are the most there may be; try again in 2400 s"
        )
        assert.lengthOf(published, 0)
        assert.strictEqual((yield* say(worker, "mine")).seq, 4, "the other person's are counted apart")
        yield* TestClock.adjust("2399999 millis")
        assert.instanceOf(yield* Effect.flip(say(business, "four")), RateLimited)
        yield* TestClock.adjust("1 millis")
        assert.strictEqual((yield* say(business, "four")).seq, 5)
        assert.deepInclude(yield* Effect.flip(say(business, "five")), { retryAfterMs: 1_200_000 })
        assert.strictEqual(conversation, published[0]?.stream.slice("conversation-".length))
      })
  )

  it.effect.each([
    ["an id that was used for something else", new KeyReused({ commandKey: "k" })],
    ["a stranger's conversation", new ConversationNotFound()],
    ["a conversation that is taken", new Busy({ streamId: "s" })],
    ["a full intake", new Overloaded()],
    ["an outage", new Unavailable({ reason: "unreachable", cause: null })]
  ] as const)("given %s, nothing is counted", ([, refusal]) =>
    Effect.gen(function* () {
      const { remaining, write } = yield* limited
      assert.strictEqual(yield* Effect.flip(write(newId(), Effect.fail(refusal))), refusal)
      assert.strictEqual(yield* remaining, 3)
    })
  )

  it.effect("given what is no message, nobody is asked for room", () =>
    Effect.gen(function* () {
      const { business, fill, remaining, say } = yield* limited
      assert.strictEqual((yield* Effect.flip(say(business, "")))._tag, "InvalidMessage")
      assert.strictEqual(yield* remaining, 3)
      yield* fill
      assert.strictEqual((yield* Effect.flip(say(business, "")))._tag, "InvalidMessage")
    })
  )

  it.effect("given an outcome that is not known, the message counts, once for all its repeats", () =>
    Effect.gen(function* () {
      const { remaining, write } = yield* limited
      const [unknown, broken, left] = [newId(), newId(), newId()]
      const lost = Effect.fail(new OutcomeUnknown({ commandKey: "k" }))
      assert.strictEqual((yield* Effect.flip(write(unknown, lost)))._tag, "OutcomeUnknown")
      assert.strictEqual(yield* remaining, 2)
      yield* write(unknown, repeated)
      yield* write(unknown, appended)
      assert.strictEqual(yield* remaining, 2)
      yield* Effect.exit(write(broken, Effect.die("a defect after the commit")))
      assert.strictEqual(yield* remaining, 1)
      const gone = yield* Effect.forkChild(write(left, Effect.never), { startImmediately: true })
      yield* Fiber.interrupt(gone)
      assert.strictEqual(yield* remaining, 0)
    })
  )

  it.effect("H12: given twenty copies of a message at once, it counts once", () =>
    Effect.gen(function* () {
      const { business, remaining, say } = yield* limited
      const id = newId()
      yield* Effect.all(
        Array.from({ length: 20 }, () => say(business, "once", id)),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(yield* remaining, 2)
    })
  )

  it.effect("H12: given two copies of which the later one is saved, it counts all the same", () =>
    Effect.gen(function* () {
      const { remaining, write } = yield* limited
      const id = newId()
      const answered = yield* Deferred.make<{ readonly repeat: boolean }>()
      const first = yield* Effect.forkChild(write(id, Deferred.await(answered)), { startImmediately: true })
      yield* write(id, appended)
      yield* Deferred.succeed(answered, { repeat: true })
      yield* Fiber.join(first)
      assert.strictEqual(yield* remaining, 2)
    })
  )

  it.effect("H12: given two copies of which the first is refused, the one that is saved counts", () =>
    Effect.gen(function* () {
      const { remaining, write } = yield* limited
      const id = newId()
      const answered = yield* Deferred.make<{ readonly repeat: boolean }>()
      const busy = Effect.fail(new Busy({ streamId: "s" }))
      const first = yield* Effect.forkChild(write(id, Effect.andThen(Deferred.await(answered), busy)), {
        startImmediately: true
      })
      const second = yield* Effect.forkChild(
        write(id, Effect.as(Deferred.await(answered), { repeat: false })),
        { startImmediately: true }
      )
      yield* Deferred.succeed(answered, { repeat: false })
      yield* Effect.flip(Fiber.join(first))
      yield* Fiber.join(second)
      assert.strictEqual(yield* remaining, 2)
    })
  )

  it.effect("given a message of the day before, its repeat gets the first answer and costs nothing", () =>
    Effect.gen(function* () {
      const { business, fill, remaining, say } = yield* limited
      const id = newId()
      const sent = yield* say(business, "hello", id)
      yield* TestClock.adjust("1 day")
      assert.deepInclude(yield* say(business, "hello", id), repeatOf(sent))
      assert.strictEqual(yield* remaining, 3)
      yield* fill
      assert.deepInclude(yield* say(business, "hello", id), repeatOf(sent), "past the limit")
      assert.strictEqual((yield* Effect.flip(say(business, "other", id)))._tag, "KeyReused")
    })
  )

  it.effect("given messages of this hour, their repeats need neither room nor a question", () =>
    Effect.gen(function* () {
      const { business, fill, say } = yield* limited
      const id = newId()
      const sent = yield* say(business, "hello", id)
      yield* fill
      for (let i = 0; i < 5; i++) {
        assert.deepInclude(yield* say(business, "hello", id), repeatOf(sent))
      }
    })
  )

  it.effect("given no room, as many questions are put to the log as may be, and then none for an hour", () =>
    Effect.gen(function* () {
      const { business, fill, say } = yield* limited
      const id = newId()
      const sent = yield* say(business, "hello", id)
      yield* TestClock.adjust("1 day")
      // The first question.
      yield* fill
      const again = say(business, "hello", id)
      assert.deepInclude(yield* again, repeatOf(sent))
      assert.deepInclude(yield* again, repeatOf(sent))
      assert.instanceOf(yield* Effect.flip(again), RateLimited)
      yield* TestClock.adjust("1 hour")
      assert.deepInclude(yield* again, repeatOf(sent))
    })
  )

  it.effect("given no room, another's message and one of another conversation are no repeats", () =>
    Effect.gen(function* () {
      const { business, conversation, fill, say, send, worker } = yield* limited
      const id = newId()
      yield* say(worker, "hello", id)
      yield* fill
      yield* TestClock.adjust("59 minutes")
      assert.instanceOf(yield* Effect.flip(say(business, "hello", id)), RateLimited)
      const elsewhere = ConversationId.make("0190f1a0-0000-8000-8000-000000000000")
      assert.notStrictEqual(elsewhere, conversation)
      const request = { by: business, conversation: elsewhere, clientMessageId: id, text: "hello" }
      const refused = yield* Effect.flip(
        send({ ...request, metadata: null, origin: ConversationWorld.origin })
      )
      assert.instanceOf(refused, RateLimited)
    })
  )

  it.effect("tells whoever answers how the person stands, given back or not", () =>
    Effect.gen(function* () {
      const { business, fill, say, write } = yield* limited
      const told: Array<LimitStanding> = []
      const tell = Effect.provideService(TellStanding, (standing: LimitStanding) => void told.push(standing))
      yield* tell(say(business, "one"))
      yield* Effect.flip(tell(write(newId(), Effect.fail(new Overloaded()))))
      yield* fill
      yield* Effect.flip(tell(say(business, "more")))
      const standing = { limit: "messages", rule: rules.messages, moreInMs: 3_600_000 } as const
      assert.deepStrictEqual(told, [
        { ...standing, remaining: 2 },
        { ...standing, remaining: 1 },
        { ...standing, remaining: 2 },
        { ...standing, remaining: 0 }
      ])
    })
  )
})

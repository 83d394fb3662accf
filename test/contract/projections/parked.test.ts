import { assert, it } from "@effect/vitest"
import type { RecordedEvent } from "@indelible/application/store/EventStore"
import { type ConversationEvent, conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import { UnreadableEvent } from "@indelible/domain/event/EventDefinition"
import { claim } from "@indelible/projections/engine/Claim"
import { foldPage } from "@indelible/projections/engine/FoldPage"
import * as Parked from "@indelible/projections/engine/Parked"
import type { Projection } from "@indelible/projections/engine/Projection"
import { retryParked } from "@indelible/projections/engine/RetryParked"
import { run } from "@indelible/projections/engine/Runner"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import { unreadProjection } from "@indelible/projections/unread/UnreadProjection"
import { Effect, Layer, Result, type Scope } from "effect"
import { SqlClient } from "effect/sql"
import type { PostgresServer } from "../../servers/PostgresServers.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { quickWakeUp } from "./QuickWakeUp.ts"
import { catchUp, dump, layer, rebuild } from "./ReadModelDatabase.ts"
import * as Talk from "./Talk.ts"

const withLog = (server: PostgresServer) => Layer.provideMerge(quickWakeUp, layer(server))

const pairOf = (name: string) =>
  Talk.pair(`parked ${name}`, Talk.person(`business ${name}`), Talk.person(`worker ${name}`))

/** A program from before texts were known. */
const older = (projection: Projection<ConversationEvent>): Projection<ConversationEvent> => ({
  ...projection,
  version: projection.version - 1,
  catalogue: {
    ...conversationEvents,
    TextSent: {
      ...conversationEvents.TextSent,
      read: (schemaVersion) =>
        Result.fail(new UnreadableEvent({ type: "TextSent", schemaVersion, reason: "unknown" }))
    }
  }
})

const isSecret = ({ event }: RecordedEvent<ConversationEvent>) =>
  event.type === "TextSent" && event.body?.text === "secret"

const withEvery =
  (fold: Projection<ConversationEvent>["fold"], check: (event: RecordedEvent<ConversationEvent>) => void) =>
  (events: ReadonlyArray<RecordedEvent<ConversationEvent>>) => {
    for (const event of events) check(event)
    return fold(events)
  }

/** A fold that throws at some events. */
const throwing: Projection<ConversationEvent> = {
  ...historyProjection,
  fold: withEvery(historyProjection.fold, (event) => {
    if (isSecret(event)) throw new TypeError("secret")
  })
}

/** A fold that makes rows which Postgres does not take. */
const refused: Projection<ConversationEvent> = {
  ...historyProjection,
  fold: (events) => [
    ...historyProjection.fold(events),
    ...(events.some(isSecret)
      ? [
          {
            table: "message",
            keys: () => [],
            write: () => Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 'secret'::text::uuid`)
          }
        ]
      : [])
  ]
}

const dumpOf = Effect.fn(function* (pair: Talk.Pair, set = "history") {
  return (yield* dump(set)).filter((row) => row.includes(pair.id))
})

const parkedOf = (set: string) =>
  Effect.map(Parked.list(set), (streams) =>
    streams.map(({ attempts, error, streamId, streamPos, type }) => ({
      streamId,
      streamPos,
      type,
      attempts,
      error
    }))
  )

for (const server of TestDatabase.whichServers()) {
  const test = <E>(
    name: string,
    body: Effect.Effect<void, E, Scope.Scope | Layer.Success<ReturnType<typeof withLog>>>
  ) => it.live(`${name} (${server})`, () => Effect.provide(Effect.scoped(body), withLog(server)))

  for (const [how, failing, error] of [
    ["a fold that throws", throwing, "the fold threw TypeError"],
    ["a row that Postgres refuses", refused, "SqlError UnknownError 22P02"]
  ] as const) {
    test(
      `${how} parks one conversation at one event; what comes after it waits, and the others flow (F35)`,
      Effect.gen(function* () {
        const [sick, sound] = [pairOf("sick"), pairOf("sound")]
        yield* Talk.start(sick)
        yield* Talk.start(sound)
        yield* Talk.say(sick, "worker", "before")
        yield* Talk.say(sick, "worker", "secret")
        yield* Talk.say(sick, "business", "after")
        yield* Talk.say(sound, "worker", "hello")
        yield* catchUp(failing)
        const stuck = { streamId: `conversation-${sick.id}`, streamPos: 3, type: "TextSent", error }
        assert.deepStrictEqual(yield* parkedOf("history"), [{ ...stuck, attempts: 1 }])
        // The tables hold the sick one up to before the event, and all of the sound one.
        assert.strictEqual((yield* dumpOf(sick)).filter((row) => row.startsWith("message")).length, 1)
        assert.strictEqual((yield* dumpOf(sound)).filter((row) => row.startsWith("message")).length, 1)

        yield* Talk.say(sick, "business", "later still")
        yield* Talk.say(sound, "worker", "again")
        yield* catchUp(failing)
        assert.strictEqual((yield* dumpOf(sick)).filter((row) => row.startsWith("message")).length, 1)
        assert.strictEqual((yield* dumpOf(sound)).filter((row) => row.startsWith("message")).length, 2)

        // Tried again by the same program it is parked again, and nothing is half done.
        const [stream] = yield* Parked.list("history")
        if (stream === undefined) return assert.fail("nothing is parked")
        yield* retryParked(failing, yield* claim("history"), stream)
        assert.deepStrictEqual(yield* parkedOf("history"), [{ ...stuck, attempts: 2 }])

        // The mended program goes on where it stopped, a page at a time, and nothing shows that it ever did.
        let current = yield* claim("history")
        for (let pages = 0; (yield* Parked.list("history")).length > 0; pages++) {
          assert.isBelow(pages, 5)
          const [left] = yield* Parked.list("history")
          if (left !== undefined) current = yield* retryParked(historyProjection, current, left, 2)
        }
        assert.strictEqual(current.parked.size, 0)
        yield* rebuild(historyProjection, "history_again")
        assert.deepStrictEqual(yield* dump("history_again"), yield* dump("history"))
      })
    )
  }

  test(
    "of two events in one page that cannot be folded the earlier one parks its stream, and nothing is skipped (I7)",
    Effect.gen(function* () {
      const [sick, sound] = [pairOf("twice"), pairOf("once")]
      yield* Talk.start(sick)
      yield* Talk.start(sound)
      yield* Talk.say(sick, "worker", "secret")
      yield* Talk.say(sick, "worker", "between")
      yield* Talk.putAway(sick, "worker")
      const twice: Projection<ConversationEvent> = {
        ...refused,
        catalogue: {
          ...conversationEvents,
          ConversationArchived: {
            ...conversationEvents.ConversationArchived,
            schemaVersion: 1
          }
        }
      }
      yield* catchUp(twice)
      const at = Effect.map(parkedOf("history"), (streams) => streams.map(({ streamPos }) => streamPos))
      assert.deepStrictEqual(yield* at, [2])
      const [stream] = yield* Parked.list("history")
      if (stream === undefined) return assert.fail("nothing is parked")
      yield* retryParked(twice, yield* claim("history"), stream)
      assert.deepStrictEqual(yield* at, [2])
      // A program that takes the refused one still does not know the other.
      yield* retryParked({ ...twice, fold: historyProjection.fold }, yield* claim("history"), stream)
      assert.deepStrictEqual(yield* at, [4])
      const [left] = yield* Parked.list("history")
      if (left === undefined) return assert.fail("nothing is parked")
      yield* retryParked(historyProjection, yield* claim("history"), left)
      yield* rebuild(historyProjection, "history_again")
      assert.deepStrictEqual(yield* dump("history_again"), yield* dump("history"))
    })
  )

  test(
    "an event that this program cannot read parks its stream, and a newer program takes it up by itself (F35)",
    Effect.gen(function* () {
      const [pair, quiet] = [pairOf("newer"), pairOf("quiet")]
      yield* Talk.start(pair)
      yield* Talk.say(pair, "worker", "from a newer program")
      yield* Talk.start(quiet)
      yield* Talk.putAway(quiet, "worker")
      yield* catchUp(older(unreadProjection))
      assert.deepStrictEqual(yield* parkedOf("unread"), [
        {
          streamId: `conversation-${pair.id}`,
          streamPos: 2,
          type: "TextSent",
          attempts: 1,
          error: "event TextSent version 1 is unknown to this program"
        }
      ])
      const owner = yield* Effect.forkScoped(run(unreadProjection, "test"))
      while ((yield* Parked.list("unread")).length > 0) yield* Effect.sleep("10 millis")
      yield* rebuild(unreadProjection, "unread_again")
      assert.deepStrictEqual(yield* dump("unread_again"), yield* dump("unread"))
      assert.isUndefined(owner.pollUnsafe())
    })
  )

  test(
    "whoever asks for a retry gets one from the owner while it runs",
    Effect.gen(function* () {
      const pair = pairOf("asked")
      yield* Talk.start(pair)
      yield* Talk.say(pair, "worker", "secret")
      let mended = false
      const mendable: Projection<ConversationEvent> = {
        ...historyProjection,
        fold: (events) => (mended ? historyProjection : throwing).fold(events)
      }
      yield* Effect.forkScoped(run(mendable, "test"))
      while ((yield* Parked.list("history")).length === 0) yield* Effect.sleep("10 millis")
      mended = true
      assert.strictEqual(yield* Parked.askRetry("history", `conversation-${pair.id}`), 1)
      assert.strictEqual(yield* Parked.askRetry("history", "conversation-of-nobody"), 0)
      while ((yield* Parked.list("history")).length > 0) yield* Effect.sleep("10 millis")
      yield* rebuild(historyProjection, "history_again")
      assert.deepStrictEqual(yield* dump("history_again"), yield* dump("history"))
    })
  )

  test(
    "an owner that was replaced parks and retries nothing (F6)",
    Effect.gen(function* () {
      const pair = pairOf("replaced")
      yield* Talk.start(pair)
      yield* Talk.say(pair, "worker", "secret")
      const stale = yield* claim("history")
      const current = yield* claim("history")
      assert.strictEqual((yield* Effect.flip(foldPage(throwing, stale)))._tag, "Fenced")
      assert.deepStrictEqual(yield* Parked.list("history"), [])
      const { claim: parked } = yield* foldPage(throwing, current)
      const [stream] = yield* Parked.list("history")
      if (stream === undefined) return assert.fail("nothing is parked")
      yield* claim("history")
      assert.strictEqual((yield* Effect.flip(retryParked(historyProjection, parked, stream)))._tag, "Fenced")
      assert.strictEqual((yield* Parked.list("history")).length, 1)
    })
  )
}

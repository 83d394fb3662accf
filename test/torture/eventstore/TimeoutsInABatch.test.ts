import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import type { EventStore } from "@indelible/application/store/EventStore"
import type { StreamId } from "@indelible/application/store/StreamId"
import { sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import { Effect, Fiber, Result } from "effect"
import { freshStream, meta, note, owner, streamIn } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { make } from "./LogWorld.ts"
import { figures, timed } from "./Traffic.ts"

/** Sends until told to stop, and remembers what became of each command. */
const keepSending = Effect.fnUntraced(function* (
  store: EventStore["Service"],
  streams: ReadonlyArray<StreamId>,
  callers: number,
  going: () => boolean
) {
  const outcomes = new Map<
    string,
    { readonly stream: StreamId; readonly outcome: string; readonly millis: number }
  >()
  let at = 0
  const caller = Effect.gen(function* () {
    while (going()) {
      const commandId = randomUUID()
      const stream = streams[at++ % streams.length] ?? freshStream()
      const start = performance.now()
      const result = yield* Effect.result(
        store.execute(note, stream, { owner, text: "one" }, meta(commandId))
      )
      const outcome = Result.isSuccess(result) ? "ok" : result.failure._tag
      outcomes.set(`${owner}/${commandId}`, { stream, outcome, millis: performance.now() - start })
    }
  })
  yield* Effect.all(
    Array.from({ length: callers }, () => caller),
    { concurrency: "unbounded" }
  )
  return outcomes
})

/** Each command is in the log once if it was answered ok, and not at all if it was refused. */
const settled = Effect.fnUntraced(function* (
  name: string,
  store: EventStore["Service"],
  outcomes: Effect.Success<ReturnType<typeof keepSending>>
) {
  const stored = new Map<string, number>()
  for (const stream of new Set(Array.from(outcomes.values(), ({ stream }) => stream))) {
    const events = yield* store.readStream(stream, 0, 100_000)
    assert.deepStrictEqual(
      events.map(({ header }) => header.streamPos),
      events.map((_, i) => i + 1)
    )
    for (const { header } of events) {
      if (header.type !== "Noted") continue
      stored.set(header.commandKey, (stored.get(header.commandKey) ?? 0) + 1)
    }
  }
  for (const [key, { outcome }] of outcomes) {
    const times = stored.get(key) ?? 0
    if (outcome === "ok") assert.strictEqual(times, 1, key)
    else if (outcome === "OutcomeUnknown") assert.isAtMost(times, 1, key)
    else {
      assert.include(["Busy", "Unavailable"], outcome)
      assert.strictEqual(times, 0, key)
    }
  }
  for (const [outcome, all] of Map.groupBy(outcomes.values(), ({ outcome }) => outcome)) {
    console.log(`${name}: ${outcome} ${figures(all)}`)
  }
})

describe.each(TestDatabase.oneServer())("a batch that is cut short, on %s", (server) => {
  // What statement_timeout and a cancel by hand send is one error, 57014; this one can be had at any moment.
  it.live("by cancelling its statement, at random: nothing is lost or doubled, hardly anyone notices", () =>
    Effect.gen(function* () {
      const seed = seeded(`statements cancelled, ${server}`)
      const world = yield* make(server)
      const store = yield* world.node("victim")
      const hand = yield* world.byHand
      const end = performance.now() + 2_000
      let cancelled = 0
      const cancel = Effect.gen(function* () {
        while (performance.now() < end) {
          yield* Effect.sleep(seed.below(8))
          const { rowCount } = yield* hand.query(
            `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name LIKE 'victim %' AND state = 'active'`
          )
          cancelled += rowCount
        }
      })
      const streams = Array.from({ length: 30 }, freshStream)
      const [, outcomes] = yield* Effect.all(
        [cancel, keepSending(store, streams, 24, () => performance.now() < end)],
        { concurrency: "unbounded" }
      )
      yield* settled(`${cancelled} statements cancelled, ${server}`, store, outcomes)
      const failed = [...outcomes.values()].filter(({ outcome }) => outcome !== "ok").length
      assert.isAbove(cancelled, 20)
      assert.isBelow(failed, outcomes.size / 20)
    })
  )

  it.live("by a table that others lock for a moment: all is saved once it is free", () =>
    Effect.gen(function* () {
      const world = yield* make(server)
      const store = yield* world.node("a")
      const hand = yield* world.byHand
      let going = true
      const streams = Array.from({ length: 30 }, freshStream)
      const sending = yield* Effect.forkChild(keepSending(store, streams, 24, () => going))
      for (const table of ["event", "stream", "event_3", "participant"]) {
        yield* hand.query("BEGIN")
        yield* hand.query(`LOCK TABLE ${table} IN SHARE MODE`)
        yield* Effect.sleep("500 millis")
        yield* hand.query("COMMIT")
        yield* Effect.sleep("100 millis")
      }
      going = false
      const outcomes = yield* Fiber.join(sending)
      yield* settled(`tables locked for 0.5 s, ${server}`, store, outcomes)
      assert.isEmpty([...outcomes.values()].filter(({ outcome }) => outcome !== "ok"))
    })
  )

  it.live("by one partition that others lock for long: the other partitions go on", () =>
    Effect.gen(function* () {
      const world = yield* make(server)
      const store = yield* world.node("a")
      const hand = yield* world.byHand
      const streams = Array.from({ length: 60 }, freshStream)
      const inside = (stream: StreamId) => sliceOf(stream) >> 4 === 3
      yield* Effect.forEach(streams, (stream) => timed(store, stream), { concurrency: "unbounded" })
      let going = true
      const sending = yield* Effect.forkChild(
        keepSending(store, [...streams, streamIn(0x35), streamIn(0x3a)], 24, () => going)
      )
      yield* Effect.sleep("300 millis")
      yield* hand.query("BEGIN")
      yield* hand.query("LOCK TABLE event_3 IN SHARE MODE")
      yield* Effect.sleep("2500 millis")
      yield* hand.query("COMMIT")
      yield* Effect.sleep("200 millis")
      going = false
      const outcomes = yield* Fiber.join(sending)
      yield* settled(`one partition locked for 2.5 s, ${server}`, store, outcomes)
      const others = [...outcomes.values()].filter(({ stream }) => !inside(stream))
      assert.isEmpty(others.filter(({ outcome }) => outcome !== "ok"))
      assert.isAbove(others.length, 100)
    })
  )
})

describe("a batch that is cut short", () => {
  it.live(
    "by the limit for statements: its slow command is given up, those behind it are answered in time",
    () =>
      Effect.gen(function* () {
        const world = yield* make("embedded")
        const store = yield* world.node("a", { lanes: 1 })
        const hand = yield* world.byHand
        const slow = streamIn(0x33)
        yield* hand.query(
          `CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
           IF NEW.stream_id = '${slow}' THEN PERFORM pg_sleep(30); END IF;
           RETURN NEW;
         END $$`
        )
        yield* hand.query(
          "CREATE TRIGGER dawdle BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION dawdle()"
        )
        const start = performance.now()
        const waiting = yield* Effect.forkChild(timed(store, slow))
        // In a call of its own: those in the same call would share its fate for as long as the call lasts.
        const asleep = "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        while ((yield* hand.query(asleep)).rowCount === 0) yield* Effect.sleep("2 millis")
        const others = yield* Effect.forEach(
          Array.from({ length: 20 }, () => streamIn(0x80)),
          (stream) => timed(store, stream),
          { concurrency: "unbounded" }
        )
        const { millis, outcome } = yield* Fiber.join(waiting)
        console.log(
          `a command of 30 s: ${outcome} after ${millis.toFixed(0)} ms; behind it ${figures(others)}`
        )
        assert.include(["Busy", "OutcomeUnknown"], outcome)
        assert.isBelow(performance.now() - start, 9_000)
        for (const other of others) {
          assert.include(["ok", "Busy"], other.outcome)
          assert.isBelow(other.millis, 2_600)
        }
        assert.isEmpty(yield* store.readStream(slow, 0, 10))
        yield* hand.query("DROP TRIGGER dawdle ON event")
        assert.strictEqual((yield* timed(store, slow)).outcome, "ok")
        assert.strictEqual((yield* timed(store, streamIn(0x80))).outcome, "ok")
      })
  )
})

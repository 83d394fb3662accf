import { assert, describe, it } from "@effect/vitest"
import { sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import { Effect, Fiber } from "effect"
import { freshStream, Locked, lock, meta, note, owner, turnTo, unlock } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { untilWaiting } from "./LockWaits.ts"
import { make } from "./LogWorld.ts"
import * as RawWriter from "./RawWriter.ts"

/**
 * A stranger holds the slice with an event of the very stream, not yet committed, while the store's append waits for
 * the lock; then commits. What was looked up before the lock is out of date.
 */
const scene = Effect.fnUntraced(function* (server: Parameters<typeof make>[0]) {
  const world = yield* make(server)
  const [store, raw, hand] = [yield* world.node("a"), yield* RawWriter.make(world.url), yield* world.byHand]
  const stream = freshStream()
  const slice = sliceOf(stream)
  const whileWaiting = <A, E>(
    command: Effect.Effect<A, E>,
    event: Parameters<RawWriter.RawWriter["append"]>[1],
    end: "commit" | "rollback" = "commit"
  ) =>
    Effect.gen(function* () {
      yield* raw.begin
      yield* raw.lock(slice)
      const written = yield* raw.append(stream, event)
      const answer = yield* Effect.forkChild(command)
      yield* untilWaiting(hand)
      yield* raw[end]
      return { answer: yield* Fiber.join(answer), written }
    })
  return { store, stream, slice, whileWaiting }
})

describe.each(TestDatabase.oldestServer())("a commit between look-up and lock, on %s", (server) => {
  it.live("of a stream's first event: the append goes behind it", () =>
    Effect.gen(function* () {
      const { store, stream, whileWaiting } = yield* scene(server)
      const { answer, written } = yield* whileWaiting(
        store.execute(note, stream, { owner, text: "one" }, meta()),
        { type: "PageTurned", page: 2 }
      )
      assert.deepStrictEqual(
        answer.events.map(({ stored }) => [stored.header.streamPos, stored.slicePos]),
        [
          [2, written.slicePos + 1],
          [3, written.slicePos + 2]
        ]
      )
      const [head] = yield* store.heads(note.aggregate, [stream])
      assert.deepStrictEqual(head?.state, { owner, count: 1, page: 2, locked: false })
    })
  )

  it.live("of a later event: the append is decided on the new state", () =>
    Effect.gen(function* () {
      const { store, stream, whileWaiting } = yield* scene(server)
      yield* store.execute(note, stream, { owner, text: "one" }, meta())
      const { answer } = yield* whileWaiting(store.execute(note, stream, { owner, text: "two" }, meta()), {
        type: "PageTurned",
        page: 7
      })
      assert.deepStrictEqual(
        answer.events.map(({ stored }) => stored.header.streamPos),
        [4]
      )
      const [head] = yield* store.heads(note.aggregate, [stream])
      assert.deepStrictEqual(head?.state, { owner, count: 2, page: 7, locked: false })
    })
  )

  it.live("that forbids the command: it is refused for the new state's reason", () =>
    Effect.gen(function* () {
      const { store, stream, whileWaiting } = yield* scene(server)
      yield* store.execute(note, stream, { owner, text: "one" }, meta())
      const { answer } = yield* whileWaiting(
        Effect.flip(store.execute(note, stream, { owner, text: "two" }, meta())),
        { type: "NotebookLocked" }
      )
      assert.deepStrictEqual(answer, new Locked({ count: 1 }))
    })
  )

  it.live("that allows the command: it is not refused for what the node remembers", () =>
    Effect.gen(function* () {
      const { store, stream, whileWaiting } = yield* scene(server)
      yield* store.execute(lock, stream, null, meta())
      const { answer } = yield* whileWaiting(store.execute(note, stream, { owner, text: "one" }, meta()), {
        type: "NotebookUnlocked"
      })
      assert.strictEqual(answer.events.at(-1)?.stored.header.streamPos, 4)
      const again = yield* whileWaiting(store.execute(unlock, stream, null, meta()), {
        type: "NotebookLocked"
      })
      assert.strictEqual(again.answer.events[0]?.event.type, "NotebookUnlocked")
    })
  )

  it.live("that makes it already so: the answer's token reaches that state", () =>
    Effect.gen(function* () {
      const { slice, store, stream, whileWaiting } = yield* scene(server)
      yield* store.execute(note, stream, { owner, text: "one" }, meta())
      const { answer, written } = yield* whileWaiting(store.execute(turnTo, stream, { page: 5 }, meta()), {
        type: "PageTurned",
        page: 6
      })
      assert.deepStrictEqual(answer, {
        events: [],
        repeat: false,
        token: { [String(slice)]: written.slicePos }
      })
    })
  )

  it.live("that is rolled back in the end: nothing of it is believed", () =>
    Effect.gen(function* () {
      const { store, stream, whileWaiting } = yield* scene(server)
      yield* store.execute(note, stream, { owner, text: "one" }, meta())
      const { answer, written } = yield* whileWaiting(
        store.execute(note, stream, { owner, text: "two" }, meta()),
        { type: "NotebookLocked" },
        "rollback"
      )
      assert.strictEqual(answer.events[0]?.stored.slicePos, written.slicePos, "its number is given out again")
    })
  )

  it.live("would be missed under any isolation but READ COMMITTED: then nothing is appended", () =>
    Effect.gen(function* () {
      const world = yield* make(server)
      const hand = yield* world.byHand
      const empty =
        "smallint text bigint timestamptz text integer integer text integer bigint text integer bytea"
          .split(" ")
          .concat("bytea text smallint bytea integer uuid".split(" "))
          .map((type) => `'{}'::${type}[]`)
      const call = `SELECT * FROM append_events(0, ${empty.join(", ")})`
      assert.isEmpty((yield* hand.query(call)).rows)
      for (const level of ["REPEATABLE READ", "SERIALIZABLE"]) {
        yield* hand.query(`BEGIN ISOLATION LEVEL ${level}`)
        const { reason } = yield* Effect.flip(hand.query(call))
        assert.include(String(reason.cause), `append_events needs READ COMMITTED, not ${level}`)
        yield* hand.query("ROLLBACK")
      }
    })
  )
})

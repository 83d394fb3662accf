import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import { Effect, Fiber, Result } from "effect"
import { freshStream, meta, note, owner, streamIn } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { untilWaiting } from "./LockWaits.ts"
import { make } from "./LogWorld.ts"
import * as RawWriter from "./RawWriter.ts"

const slice = 77
const everySlice = Array.from({ length: 256 }, (_, i) => ({ slice: i, after: 0 }))

const scene = Effect.fnUntraced(function* (server: Parameters<typeof make>[0]) {
  const world = yield* make(server)
  // One lane: whatever the breaker does to one command, all others share the call with it.
  const store = yield* world.node("a", { lanes: 1 })
  const write = (stream: ReturnType<typeof freshStream>, text = "text", id: string = randomUUID()) =>
    store.execute(note, stream, { owner, text }, meta(id))
  const positions = Effect.map(store.readSlices([{ slice, after: 0 }], 1_000), (events) =>
    events.map(({ slicePos }) => slicePos)
  )
  return { world, store, write, positions, raw: yield* RawWriter.make(world.url), hand: yield* world.byHand }
})

describe.each(TestDatabase.oneServer())("a writer that breaks the protocol, on %s", (server) => {
  it.live("by leaving a gap: readers stop before it at any page size, writers go on", () =>
    Effect.gen(function* () {
      const { raw, store, write } = yield* scene(server)
      yield* write(streamIn(slice))
      yield* raw.append(streamIn(slice), { type: "PageTurned", page: 2 }, { slicePos: 5 })
      const { events } = yield* write(streamIn(slice))
      assert.deepStrictEqual(
        events.map(({ stored }) => stored.slicePos),
        [6, 7]
      )
      for (const limit of [3, 7, 500]) {
        const error = yield* Effect.flip(store.readSlices([{ slice, after: 0 }], limit))
        assert.deepInclude(error, { _tag: "LogCorrupted", slice, expected: 3, found: 5 })
        assert.strictEqual((yield* Effect.flip(store.readSlices(everySlice, limit)))._tag, "LogCorrupted")
      }
      const found = yield* raw.run("SELECT recorded_at FROM event WHERE slice = $1 AND slice_pos = 5", [
        slice
      ])
      assert.deepStrictEqual(yield* store.oldestAfter([{ slice, after: 2 }]), found.rows[0]?.recorded_at)
      // A smaller page shows what is whole, and no more.
      for (const limit of [1, 2]) {
        let after = 0
        const readOn = Effect.gen(function* () {
          const page = yield* store.readSlices([{ slice, after }], limit)
          after = page.at(-1)?.slicePos ?? after
        })
        const stopped = yield* Effect.flip(Effect.forever(readOn))
        assert.deepInclude(stopped, { _tag: "LogCorrupted", slice, expected: 3, found: 5 })
        assert.strictEqual(after, 2)
      }
      const sound = everySlice.filter((cursor) => cursor.slice !== slice)
      assert.isEmpty(yield* store.readSlices(sound, 500))
    })
  )

  it.live("by writing without the lock and committing late: the store takes the number behind it", () =>
    Effect.gen(function* () {
      const { hand, positions, raw, write } = yield* scene(server)
      yield* write(streamIn(slice))
      yield* raw.begin
      yield* raw.append(streamIn(slice), { type: "PageTurned", page: 2 })
      const writing = yield* Effect.forkChild(write(streamIn(slice)))
      yield* untilWaiting(hand)
      assert.deepStrictEqual(yield* positions, [1, 2])
      yield* raw.commit
      const { events } = yield* Fiber.join(writing)
      assert.deepStrictEqual(
        events.map(({ stored }) => stored.slicePos),
        [4, 5]
      )
      assert.deepStrictEqual(yield* positions, [1, 2, 3, 4, 5])
    })
  )

  it.live("by writing without the lock and rolling back: its number is given out again", () =>
    Effect.gen(function* () {
      const { hand, positions, raw, write } = yield* scene(server)
      yield* raw.begin
      yield* raw.append(streamIn(slice), { type: "PageTurned", page: 2 })
      const writing = yield* Effect.forkChild(write(streamIn(slice)))
      yield* untilWaiting(hand)
      yield* raw.rollback
      yield* Fiber.join(writing)
      assert.deepStrictEqual(yield* positions, [1, 2])
    })
  )

  it.live("by a gap not yet committed: the store never steps over it, and says so once it is there", () =>
    Effect.gen(function* () {
      const { positions, raw, store, write } = yield* scene(server)
      yield* raw.begin
      yield* raw.append(streamIn(slice), { type: "PageTurned", page: 2 }, { slicePos: 3 })
      yield* write(streamIn(slice))
      assert.deepStrictEqual(yield* positions, [1, 2])
      yield* raw.commit
      assert.deepStrictEqual(yield* positions, [1, 2, 3], "it happened to close its own gap")
      yield* raw.append(streamIn(slice), { type: "PageTurned", page: 2 }, { slicePos: 5 })
      const error = yield* Effect.flip(store.readSlices([{ slice, after: 0 }], 100))
      assert.deepInclude(error, { _tag: "LogCorrupted", slice, expected: 4, found: 5 })
    })
  )

  it.live(
    "by holding a number open for long: its slice is answered Busy, the others soon go on, all works after",
    () =>
      Effect.gen(function* () {
        const { positions, raw, write } = yield* scene(server)
        yield* raw.begin
        yield* raw.append(streamIn(slice), { type: "PageTurned", page: 2 })
        const id = randomUUID()
        const stream = streamIn(slice)
        const start = performance.now()
        const blocked = yield* Effect.forkChild(Effect.flip(write(stream, "text", id)), {
          startImmediately: true
        })
        const millis: Array<number> = []
        const others = yield* Effect.forEach(
          Array.from({ length: 40 }, () => streamIn((slice + 100) % 256)),
          (other) =>
            Effect.tap(write(other), () => Effect.sync(() => millis.push(performance.now() - start))),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(others.length, 40)
        assert.strictEqual((yield* Fiber.join(blocked))._tag, "Busy")
        const answered = performance.now() - start
        console.log(
          `a number held open, ${server}: busy after ${answered.toFixed(0)} ms;` +
            ` 40 in the same call as it: ${Math.max(...millis).toFixed(0)} ms`
        )
        assert.isBelow(answered, 3_500)
        assert.isBelow(Math.max(...millis), 1_500)
        yield* raw.rollback
        assert.isEmpty(yield* positions)
        assert.strictEqual((yield* write(stream, "text", id)).repeat, false)
      })
  )

  it.live(
    "by an event that its stream's row does not know: that stream is stuck, its neighbours are not",
    () =>
      Effect.gen(function* () {
        const { raw, store, write } = yield* scene(server)
        const stuck = streamIn(slice)
        yield* write(stuck)
        yield* raw.append(stuck, { type: "PageTurned", page: 2 }, { withoutStreamRow: true })
        const start = performance.now()
        const waiting = yield* Effect.forkChild(Effect.result(write(stuck)), { startImmediately: true })
        const millis: Array<number> = []
        while (performance.now() - start < 1_500) {
          const began = performance.now()
          yield* Effect.forEach([streamIn(slice), freshStream(), freshStream()], (other) => write(other), {
            concurrency: "unbounded"
          })
          millis.push(performance.now() - began)
        }
        const outcome = yield* Fiber.join(waiting)
        assert.strictEqual(Result.isFailure(outcome) ? outcome.failure._tag : "written", "Busy")
        const sorted = millis.sort((a, b) => a - b)
        console.log(
          `a stream out of step, ${server}: answered after ${(performance.now() - start).toFixed(0)} ms; three others` +
            ` each time: ${sorted.length} rounds, median ${sorted[sorted.length >> 1]?.toFixed(1)} ms, worst` +
            ` ${sorted.at(-1)?.toFixed(1)} ms`
        )
        assert.isBelow(sorted.at(-1) ?? 0, 500)
        // Once someone has set the row right, it works again.
        yield* raw.run("UPDATE stream SET stream_pos = 3 WHERE stream_id = $1", [stuck])
        assert.strictEqual((yield* write(stuck)).events[0]?.stored.header.streamPos, 4)
        assert.strictEqual((yield* store.readStream(stuck, 0, 10)).length, 4)
      })
  )

  it.live("by a header that nobody can read: only the command that meets it fails", () =>
    Effect.gen(function* () {
      const { raw, store, write } = yield* scene(server)
      const damaged = streamIn(slice)
      const id = randomUUID()
      yield* raw.append(
        damaged,
        { type: "PageTurned", page: 2 },
        { header: Buffer.from("not a header"), commandKey: `${owner}/${id}` }
      )
      const neighbours = [streamIn(slice), freshStream(), freshStream()]
      // While this one is on its way the others gather, among them one of the damaged stream, for one call.
      yield* Effect.forkChild(write(freshStream()), { startImmediately: true })
      const [met, ...others] = yield* Effect.forEach(
        [write(damaged, "text", id), write(damaged), ...neighbours.map((other) => write(other))],
        Effect.exit,
        { concurrency: "unbounded" }
      ).pipe(Effect.timeout("5 seconds"))
      assert.strictEqual(met?._tag, "Failure")
      assert.deepStrictEqual(
        others.map(({ _tag }) => _tag),
        ["Success", "Success", "Success", "Success"]
      )
      assert.instanceOf(yield* store.oldestAfter([{ slice, after: 0 }]), Date)
      // And the lane lives on, for the damaged stream's other commands too.
      yield* Effect.timeout(write(neighbours[0] ?? damaged), "2 seconds")
      yield* Effect.timeout(write(damaged), "2 seconds")
      assert.strictEqual((yield* store.heads(note.aggregate, [damaged]))[0]?.pos, 4)
    })
  )

  it.live("has nothing to say in other slices", () =>
    Effect.gen(function* () {
      const { raw, store, write } = yield* scene(server)
      yield* raw.append(streamIn(slice), { type: "PageTurned", page: 2 }, { slicePos: 9 })
      const stream = streamIn((slice + 1) % 256)
      const { events } = yield* write(stream)
      assert.strictEqual(sliceOf(stream), events[0]?.stored.slice)
      assert.strictEqual((yield* store.readSlices([{ slice: sliceOf(stream), after: 0 }], 10)).length, 2)
    })
  )
})

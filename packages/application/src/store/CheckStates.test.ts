import { assert, describe, it } from "@effect/vitest"
import type { Aggregate } from "@indelible/domain/event/Aggregate"
import { defineEvent, type EventOf } from "@indelible/domain/event/EventDefinition"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryEventStore from "@indelible/infrastructure/memory/MemoryEventStore"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { Effect, Layer, Random, Result, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import {
  freshStream,
  meta,
  type NotebookEvent,
  type NotebookState,
  note,
  notebook,
  owner,
  turnPages
} from "../../../../test/contract/Notebook.ts"
import { checkStates } from "./CheckStates.ts"
import { drawStreams } from "./DrawStreams.ts"
import { EventLog } from "./EventLog.ts"
import { EventStore } from "./EventStore.ts"
import { Unavailable } from "./EventStoreError.ts"
import { describeFinding, isFault } from "./StateFinding.ts"
import type { StreamId } from "./StreamId.ts"

const layer = Layer.effect(EventLog, EventStore).pipe(
  Layer.provideMerge(MemoryEventStore.layer),
  Layer.provideMerge(EnvelopeOpener.layer),
  Layer.provideMerge(MemoryKeyVault.layer),
  Layer.provide(SecureRandom.layerWebCrypto)
)

const write = Effect.fnUntraced(function* (stream: StreamId, notes: number) {
  const store = yield* EventStore
  for (let i = 0; i < notes; i++) yield* store.execute(note, stream, { owner, text: "secret" }, meta())
  return stream
})

const some = (count: number) => Effect.forEach(Array.from({ length: count }), () => write(freshStream(), 1))

type Store = EventLog["Service"]

/** What is done by `effect` while the store answers otherwise than the log has it. */
const whileStore = <A, E, R>(change: (store: Store) => Partial<Store>, effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(EventLog, (store) => Effect.provideService(effect, EventLog, { ...store, ...change(store) }))

const check = checkStates(notebook, 1_000)

/** An aggregate of the same category, as another program has it, that turns a page. */
const strange = <Facts>(page: ReturnType<typeof defineEvent<"PageTurned", Facts, null>>, facts: Facts) => {
  const aggregate: Aggregate<NotebookState, EventOf<typeof page>> = {
    ...notebook,
    events: { PageTurned: page },
    evolve: (state) => state
  }
  return {
    aggregate,
    decide: () => Result.succeed([{ type: "PageTurned" as const, facts, body: null }]),
    repeats: () => true
  }
}

describe("drawing streams", () => {
  it.effect("draws as many as asked for, each once, or all there are", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* drawStreams("notebook", 10), [])
      const streams = yield* some(700)
      for (const size of [0, 1, 10, 200, 699, 700, 701, 5_000]) {
        const drawn = yield* drawStreams("notebook", size)
        assert.lengthOf(drawn, Math.min(size, 700))
        assert.lengthOf(new Set(drawn), drawn.length)
        assert.includeMembers(streams, [...drawn])
      }
      assert.deepStrictEqual(yield* drawStreams("note", 10), [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("draws all of a few, however they lie, and others each time of many", () =>
    Effect.gen(function* () {
      const streams = yield* some(30)
      assert.sameMembers([...(yield* drawStreams("notebook", 200))], streams)
      const draws = yield* Effect.forEach(Array.from({ length: 200 }), (_, seed) =>
        drawStreams("notebook", 3).pipe(Random.withSeed(`draw ${seed}`))
      )
      // Not all for certain: one that comes close behind another in its slice is seldom drawn.
      assert.isAtLeast(new Set(draws.flat()).size, 20)
      const again = yield* drawStreams("notebook", 3).pipe(Random.withSeed("draw 7"))
      assert.deepStrictEqual(again, draws[7])
    }).pipe(Effect.provide(layer))
  )
})

describe("checking states", () => {
  it.effect("finds nothing in streams that nobody has touched, long ones too", () =>
    Effect.gen(function* () {
      yield* some(5)
      const long = yield* write(freshStream(), 1)
      const store = yield* EventStore
      for (let i = 0; i < 160; i++) yield* store.execute(turnPages, long, { pages: 8 }, meta())
      assert.deepStrictEqual(yield* check, { streams: 6, events: 5 * 2 + 2 + 160 * 8, findings: [] })
    }).pipe(Effect.provide(layer))
  )

  it.effect("reads a page at a time, and not past the state's position", () =>
    Effect.gen(function* () {
      const long = yield* write(freshStream(), 1)
      const store = yield* EventStore
      for (let i = 0; i < 125; i++) yield* store.execute(turnPages, long, { pages: 8 }, meta())
      const pages: Array<readonly [number, number]> = []
      const checked = yield* whileStore(
        ({ heads, readStream }) => ({
          // It grows between the two.
          heads: (aggregate, streams) =>
            Effect.tap(heads(aggregate, streams), () =>
              Effect.orDie(store.execute(note, long, { owner, text: "later" }, meta()))
            ),
          readStream: (stream, after, limit) => {
            pages.push([after, limit])
            return readStream(stream, after, limit)
          }
        }),
        check
      )
      assert.deepStrictEqual(checked, { streams: 1, events: 1_002, findings: [] })
      assert.deepStrictEqual(pages, [
        [0, 500],
        [500, 500],
        [1_000, 2]
      ])
    }).pipe(Effect.provide(layer))
  )

  it.effect("names the stream and each field that differs", () =>
    Effect.gen(function* () {
      const [, changed] = yield* some(3)
      const { findings, streams } = yield* whileStore(
        ({ heads }) => ({
          heads: (aggregate, asked) =>
            Effect.map(heads(aggregate, asked), (found) =>
              found.map((head) =>
                head.streamId === changed
                  ? { ...head, state: Object.assign({}, head.state, { count: 7, locked: true }) }
                  : head
              )
            )
        }),
        check
      )
      assert.strictEqual(streams, 3)
      assert.deepStrictEqual<unknown>(findings, [
        {
          _tag: "StateDiffers",
          streamId: changed,
          pos: 2,
          fields: [
            { field: "count", kept: "7", folded: "1" },
            { field: "locked", kept: "true", folded: "false" }
          ]
        }
      ])
      assert.strictEqual(
        findings.map(describeFinding).join(),
        `${changed} 2: the kept state is not what the events fold to: count is 7, not 1; locked is true, not false`
      )
    }).pipe(Effect.provide(layer))
  )

  it.effect("tells of events that it cannot read, of a newer program or damaged, and checks the others", () =>
    Effect.gen(function* () {
      const store = yield* EventStore
      const [newer, damaged] = yield* some(3)
      assert(newer !== undefined && damaged !== undefined)
      const declared = { facts: Schema.Struct({ page: Schema.String }), body: Schema.Null }
      const version1 = defineEvent("PageTurned", declared)
      const version2 = version1.next(declared, (older) => older)
      yield* store.execute(strange(version2, { page: "2" }), newer, null, meta())
      yield* store.execute(strange(version1, { page: "secret" }), damaged, null, meta())
      const { findings, streams } = yield* check
      assert.strictEqual(streams, 3)
      const place = { _tag: "EventUnreadable", pos: 3, type: "PageTurned" }
      assert.sameDeepMembers<unknown>(
        [...findings],
        [
          { ...place, streamId: newer, schemaVersion: 2, reason: "unknown" },
          { ...place, streamId: damaged, schemaVersion: 1, reason: "malformed" }
        ]
      )
      assert.sameMembers(findings.filter(isFault).map(describeFinding), [
        `${damaged} 3: PageTurned version 1 is malformed to this program`
      ])
      assert.notInclude(findings.map(describeFinding).join(), "secret")
    }).pipe(Effect.provide(layer))
  )

  it.effect("leaves states of a newer program to that one", () =>
    Effect.gen(function* () {
      const store = yield* EventStore
      const stream = freshStream()
      const newer: Aggregate<NotebookState, NotebookEvent> = {
        ...notebook,
        stored: { ...notebook.stored, version: 2 }
      }
      yield* store.execute({ ...note, aggregate: newer }, stream, { owner, text: "one" }, meta())
      const { findings } = yield* check
      assert.deepStrictEqual(findings, [{ _tag: "StateOfNewerProgram", streamId: stream }])
      assert.deepStrictEqual(findings.filter(isFault), [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("tells of what is missing, and of what does not decode or fold", () =>
    Effect.gen(function* () {
      const [stream] = yield* some(1)
      assert(stream !== undefined)
      const found = (change: (store: Store) => Partial<Store>, aggregate = notebook) =>
        Effect.map(whileStore(change, checkStates(aggregate, 10)), ({ findings }) => findings)
      const missing = (pos: number) => [{ _tag: "EventMissing" as const, streamId: stream, pos }]
      const damaged = [{ _tag: "StreamDamaged" as const, streamId: stream }]

      const ends = yield* found(({ readStream }) => ({
        readStream: (of, after) => (after === 0 ? readStream(of, 0, 1) : Effect.succeed([]))
      }))
      assert.deepStrictEqual(ends, missing(2))
      const gap = yield* found(({ readStream }) => ({ readStream: (of) => readStream(of, 1, 1) }))
      assert.deepStrictEqual(gap, missing(1))
      const [headless, undecodable] = [
        yield* found(() => ({ heads: () => Effect.succeed([]) })),
        yield* found(() => ({ heads: () => Effect.die(new Error("secret")) }))
      ]
      assert.deepStrictEqual([headless, undecodable], [damaged, damaged])
      const threw = yield* found(() => ({}), {
        ...notebook,
        evolve: () => {
          throw new Error("secret")
        }
      })
      assert.deepStrictEqual(threw, damaged)
    }).pipe(Effect.provide(layer))
  )

  it.effect("fails when the store cannot be read: nothing is known then", () =>
    Effect.gen(function* () {
      yield* some(2)
      const away = new Unavailable({ reason: "unreachable", cause: new Error("away") })
      for (const change of [
        { heads: () => Effect.fail(away) },
        { readStream: () => Effect.fail(away) },
        { sampleStreams: () => Effect.fail(away) },
        { sliceHeads: Effect.fail(away) }
      ]) {
        assert.strictEqual(yield* Effect.flip(whileStore(() => change, check)), away)
      }
    }).pipe(Effect.provide(layer))
  )
})

import { randomUUID } from "node:crypto"
import { assert, it } from "@effect/vitest"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { EventOpener } from "@indelible/application/store/EventOpener"
import { EventStore } from "@indelible/application/store/EventStore"
import { tagOf } from "@indelible/application/store/StoredEvent"
import { streamId } from "@indelible/application/store/StreamId"
import { startConversation } from "@indelible/domain/conversation/StartConversation"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Cause, Effect, Exit, type Layer, Result } from "effect"
import {
  faulty,
  freshStream,
  lock,
  meta,
  note,
  notebook,
  owner,
  streamIn,
  turnPages,
  turnTo
} from "./Notebook.ts"

/** What every event store must do, whatever it is made of. */
export const eventStoreContract = (
  adapter: string,
  layer: Layer.Layer<EventStore | EventOpener | KeyVault, unknown>
) =>
  it.layer(layer, { excludeTestServices: true, timeout: "2 minutes" })(`EventStore on ${adapter}`, (it) => {
    const write = (stream: ReturnType<typeof freshStream>, text: string, commandId?: string) =>
      Effect.flatMap(EventStore, (store) => store.execute(note, stream, { owner, text }, meta(commandId)))

    it.effect("appends all events of a command, in order, with dense positions", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const stream = freshStream()
        const first = yield* write(stream, "one")
        const second = yield* write(stream, "two")
        const stored = yield* store.readStream(stream, 0, 100)
        assert.deepStrictEqual(
          stored.map(({ header }) => [header.streamPos, header.type, header.ordinal]),
          [
            [1, "NotebookOpened", 0],
            [2, "Noted", 1],
            [3, "Noted", 0]
          ]
        )
        assert.deepStrictEqual(
          [...first.events, ...second.events].map(({ stored }) => tagOf(stored)),
          stored.map(tagOf)
        )
        assert.strictEqual(first.repeat, false)
      })
    )

    it.effect("answers with a token that a reader of the slice reaches", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const stream = freshStream()
        const { events, token } = yield* write(stream, "one")
        const last = events.at(-1)?.stored
        assert.deepStrictEqual(token, { [String(last?.slice)]: last?.slicePos })
        const again = yield* store.execute(turnTo, stream, { page: 1 }, meta())
        assert.deepStrictEqual(again, { events: [], repeat: false, token })
      })
    )

    it.effect("opens what it stored, and opens it without content once the key is destroyed", () =>
      Effect.gen(function* () {
        const [store, opener, vault] = [yield* EventStore, yield* EventOpener, yield* KeyVault]
        const stream = freshStream()
        const leaver = SubjectId.make(randomUUID())
        const sent = meta(randomUUID(), leaver)
        const send = (text: string, as = sent) => store.execute(note, stream, { owner: leaver, text }, as)
        const first = yield* send("héllo 👩‍👩‍👧")
        const stored = yield* store.readStream(stream, 0, 100)
        const bodies = Effect.map(opener.open(notebook.events, stored), (events) =>
          events.map((event) => Result.getOrThrow(event).body)
        )
        assert.deepStrictEqual(yield* bodies, [null, { text: "héllo 👩‍👩‍👧" }])
        for (const { header } of stored) if (header.keyId !== null) yield* vault.destroy(header.keyId)
        assert.deepStrictEqual(yield* bodies, [null, null])
        // Nothing is left to compare: the same id is the same command. New content has no key to be written under.
        const again = yield* send("anything", sent)
        assert.deepStrictEqual([again.repeat, again.token], [true, first.token])
        const refused = yield* Effect.flip(send("more", meta(randomUUID(), leaver)))
        assert.strictEqual(refused._tag, "Unavailable")
      })
    )

    it.effect("refuses without a trace", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const stream = freshStream()
        yield* store.execute(lock, stream, null, meta())
        const refusal = yield* Effect.flip(write(stream, "late"))
        assert.strictEqual(refusal._tag, "Locked")
        assert.strictEqual((yield* store.readStream(stream, 0, 100)).length, 1)
      })
    )

    it.effect.each(["a fact too many", "a field of content too many", "content of another type"] as const)(
      "stores nothing of an event with %s, and goes on",
      (fault) =>
        Effect.gen(function* () {
          const store = yield* EventStore
          const stream = freshStream()
          yield* write(stream, "one")
          const [before, exit, after] = yield* Effect.all(
            [
              write(stream, "two"),
              Effect.exit(store.execute(faulty, stream, fault, meta())),
              write(stream, "three")
            ],
            { concurrency: "unbounded" }
          )
          assert(Exit.isFailure(exit))
          assert.isTrue(Cause.hasDies(exit.cause))
          assert.notInclude(Cause.pretty(exit.cause), "secret")
          assert.deepStrictEqual(
            [...before.events, ...after.events].map(({ event }) => event.body),
            [{ text: "two" }, { text: "three" }]
          )
          const stored = yield* store.readStream(stream, 0, 100)
          assert.deepStrictEqual(
            stored.map(({ header }) => [header.streamPos, header.type, header.facts]),
            [
              [1, "NotebookOpened", { owner }],
              [2, "Noted", { count: 1 }],
              [3, "Noted", { count: 2 }],
              [4, "Noted", { count: 3 }]
            ]
          )
        })
    )

    it.effect("lets a command of more events than allowed die alone", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const stream = freshStream()
        yield* write(stream, "one")
        const turn = (pages: number) => store.execute(turnPages, stream, { pages }, meta())
        const [exit, after] = yield* Effect.all([Effect.exit(turn(9)), write(stream, "two")], {
          concurrency: "unbounded"
        })
        assert(Exit.isFailure(exit))
        assert.isTrue(Cause.hasDies(exit.cause))
        assert.strictEqual(after.events.length, 1)
        assert.strictEqual((yield* store.readStream(stream, 0, 100)).length, 3)
        assert.strictEqual((yield* turn(8)).events.length, 8)
      })
    )

    it.effect("decides nothing on a state that a newer program stored, and leaves it as it is", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const stream = freshStream()
        const newer = { ...notebook, stored: { ...notebook.stored, version: 2 } }
        const text = { owner, text: "one" }
        yield* store.execute({ ...note, aggregate: newer }, stream, text, meta())
        const errors = [
          yield* Effect.flip(write(stream, "two")),
          yield* Effect.flip(store.heads(notebook, [stream]))
        ]
        for (const error of errors) {
          assert(error._tag === "Unavailable")
          assert.strictEqual(error.reason, "newer-program-wrote")
        }
        assert.strictEqual((yield* store.readStream(stream, 0, 100)).length, 2)
        const goesOn = yield* store.execute({ ...note, aggregate: newer }, stream, text, meta())
        assert.deepStrictEqual(
          goesOn.events.map(({ event }) => event.facts),
          [{ count: 2 }]
        )
      })
    )

    it.effect("gives the first answer to a repeated command, also much later", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const stream = freshStream()
        const id = randomUUID()
        const first = yield* write(stream, "one", id)
        yield* write(stream, "two")
        yield* store.execute(lock, stream, null, meta())
        const again = yield* write(stream, "one", id)
        assert.strictEqual(again.repeat, true)
        assert.deepStrictEqual(
          again.events.map(({ event, stored }) => [event, tagOf(stored), stored.slicePos]),
          first.events.map(({ event, stored }) => [event, tagOf(stored), stored.slicePos])
        )
      })
    )

    it.effect("refuses a command id used for something else, and keeps the first", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const stream = freshStream()
        const id = randomUUID()
        yield* write(stream, "one", id)
        assert.strictEqual((yield* Effect.flip(write(stream, "other", id)))._tag, "KeyReused")
        const turned = yield* Effect.flip(store.execute(turnTo, stream, { page: 9 }, meta(id)))
        assert.strictEqual(turned._tag, "KeyReused")
        assert.strictEqual((yield* store.readStream(stream, 0, 100)).length, 2)
        // Another conversation, or another sender, is another name.
        assert.strictEqual((yield* write(freshStream(), "other", id)).repeat, false)
      })
    )

    it.effect("knows whether a stream holds a command, by sender and id, right after the answer", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const [stream, other] = [freshStream(), freshStream()]
        const id = randomUUID()
        const holds = store.holdsCommand(stream, owner, id)
        assert.isFalse(yield* holds)
        yield* write(stream, "one")
        yield* write(other, "one", id)
        assert.isFalse(yield* holds, "of another stream")
        yield* write(stream, "two", id)
        assert.isTrue(yield* holds)
        assert.isFalse(
          yield* store.holdsCommand(stream, SubjectId.make(randomUUID()), id),
          "of another sender"
        )
        yield* store.execute(lock, stream, null, meta())
        const refused = randomUUID()
        yield* Effect.flip(write(stream, "late", refused))
        assert.isFalse(yield* store.holdsCommand(stream, owner, refused), "refused")
        yield* store.execute(lock, stream, null, meta(refused))
        assert.isFalse(yield* store.holdsCommand(stream, owner, refused), "without an event")
      })
    )

    it.effect("stores one event for twenty copies of a command at once, and answers all alike", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const stream = freshStream()
        const id = randomUUID()
        const answers = yield* Effect.all(
          Array.from({ length: 20 }, () => write(stream, "one", id)),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(answers.filter(({ repeat }) => !repeat).length, 1)
        assert.strictEqual(
          new Set(answers.map(({ events }) => JSON.stringify(events.map((e) => e.event)))).size,
          1
        )
        assert.strictEqual((yield* store.readStream(stream, 0, 100)).length, 2)
      })
    )

    it.effect("orders racing commands of one stream without gap or loss", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const stream = freshStream()
        const texts = Array.from({ length: 100 }, (_, i) => `note ${i}`)
        const answers = yield* Effect.forEach(texts, (text) => write(stream, text), {
          concurrency: "unbounded"
        })
        const stored = yield* store.readStream(stream, 0, 1000)
        assert.deepStrictEqual(
          stored.map(({ header }) => header.streamPos),
          Array.from({ length: 101 }, (_, i) => i + 1)
        )
        const counts = answers.map(({ events }) => events.at(-1)?.stored.header.streamPos)
        assert.strictEqual(new Set(counts).size, 100)
        const times = stored.map(({ header }) => header.recordedAt)
        assert.deepStrictEqual(times, [...times].sort())
      })
    )

    it.effect("shows heads with state, and who takes part, right after the answer", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const stream = freshStream()
        const { events } = yield* write(stream, "one")
        const last = events.at(-1)?.stored
        const [head, none] = yield* store.heads(notebook, [stream, freshStream()])
        assert.isUndefined(none)
        assert.deepStrictEqual(head?.state, { owner, count: 1, page: 1, locked: false })
        assert.deepStrictEqual(
          [head?.pos, head?.slicePos, head?.tag],
          [2, last?.slicePos, last === undefined ? "" : tagOf(last)]
        )
        assert.include(yield* store.streamsOf(owner), stream)
      })
    )

    it.effect("knows whether two people share a stream, right after the answer", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const [business, worker, stranger] = [randomUUID(), randomUUID(), randomUUID()].map((id) =>
          SubjectId.make(id)
        )
        assert(business !== undefined && worker !== undefined && stranger !== undefined)
        const start = (other: SubjectId) =>
          store.execute(
            startConversation,
            streamId("conversation", randomUUID()),
            { applicationId: "application", business, worker: other },
            meta(randomUUID(), business)
          )
        assert.isFalse(yield* store.shareStream(business, worker))
        yield* start(worker)
        yield* start(stranger)
        assert.isTrue(yield* store.shareStream(business, worker))
        assert.isTrue(yield* store.shareStream(worker, business))
        assert.isFalse(yield* store.shareStream(worker, stranger))
      })
    )

    it.effect("shows the heads of what a person takes part in, as many as are asked for", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const someone = SubjectId.make(randomUUID())
        const streams = [freshStream(), freshStream()]
        for (const stream of streams) {
          yield* store.execute(note, stream, { owner: someone, text: "one" }, meta(randomUUID(), someone))
        }
        const asked = yield* store.heads(notebook, streams)
        const own = yield* store.headsOf(notebook, [someone], 1_000)
        assert.sameDeepMembers(
          [...own],
          asked.map((head) => ({ ...head, subject: someone }))
        )
        assert.lengthOf(yield* store.headsOf(notebook, [someone], 1), 1)
        assert.deepStrictEqual(yield* store.headsOf(notebook, [], 10), [])
      })
    )

    it.effect("reads parts of many streams at once", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const [one, two] = [freshStream(), freshStream()]
        for (const text of ["a", "b", "c"]) yield* write(one, text)
        yield* write(two, "d")
        const parts = [
          { stream: two, after: 0, limit: 5 },
          { stream: one, after: 1, limit: 2 },
          { stream: freshStream(), after: 0, limit: 5 }
        ]
        const each = yield* Effect.forEach(parts, ({ after, limit, stream }) =>
          store.readStream(stream, after, limit)
        )
        assert.lengthOf(each[1] ?? [], 2)
        assert.deepStrictEqual(yield* store.readStreams(parts), each.flat())
        assert.deepStrictEqual(yield* store.readStreams([]), [])
      })
    )

    it.effect("is read slice by slice, every event once and in order, at any page size", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        yield* Effect.forEach(
          Array.from({ length: 60 }, () => freshStream()),
          (stream) => Effect.andThen(write(stream, "one"), write(stream, "two")),
          { concurrency: "unbounded" }
        )
        const heads = yield* store.sliceHeads
        for (const limit of [1, 7, 500]) {
          const cursors = new Map(heads.map(({ slice }) => [slice, 0]))
          let read = 0
          for (;;) {
            const page = yield* store.readSlices(
              Array.from(cursors, ([slice, after]) => ({ slice, after })),
              limit
            )
            if (page.length === 0) break
            assert.isAtMost(page.length, limit)
            for (const { slice, slicePos } of page) {
              assert.strictEqual(slicePos, (cursors.get(slice) ?? 0) + 1)
              cursors.set(slice, slicePos)
            }
            read += page.length
          }
          assert.strictEqual(
            read,
            heads.reduce((sum, { after }) => sum + after, 0)
          )
        }
      })
    )

    it.effect("samples streams of a category from any place of a slice, round its end, each once", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const slice = 7
        const streams = Array.from({ length: 6 }, () => streamIn(slice)).sort()
        // Ids that lie before and after those of the category, in the same slice.
        const strangers = ["note", "notebooks"].map((category) => streamIn(slice, category))
        for (const stream of [...streams, ...strangers]) yield* write(stream, "one")
        const all = yield* store.sampleStreams("notebook", [{ slice, from: "" }], 1_000)
        assert.includeMembers([...all], streams)
        assert.deepStrictEqual(all, [...all].sort())
        assert.deepStrictEqual(
          all.filter((stream) => !stream.startsWith("notebook-")),
          []
        )

        const count = all.length
        const round = (at: number) => [...all.slice(at), ...all.slice(0, at)]
        for (const perSlice of [1, 4, count, count + 1]) {
          for (const [at, stream] of all.entries()) {
            const from = stream.slice("notebook-".length)
            const expected = round(at).slice(0, perSlice)
            assert.deepStrictEqual(
              yield* store.sampleStreams("notebook", [{ slice, from }], perSlice),
              expected
            )
            // At a place where no stream is: the next one is the first.
            const between = [
              { slice, from: `${from.slice(0, -1)}${String.fromCharCode(from.charCodeAt(35) - 1)}~` }
            ]
            assert.deepStrictEqual(yield* store.sampleStreams("notebook", between, perSlice), expected)
          }
          assert.deepStrictEqual(
            yield* store.sampleStreams("notebook", [{ slice, from: "~" }], perSlice),
            all.slice(0, perSlice)
          )
        }
        const two = [slice, 8].map((one) => ({ slice: one, from: "" }))
        yield* write(streamIn(8), "one")
        assert.lengthOf(yield* store.sampleStreams("notebook", two, 1), 2)
        assert.deepStrictEqual(yield* store.sampleStreams("nothing", two, 10), [])
        assert.deepStrictEqual(yield* store.sampleStreams("notebook", [], 10), [])
      })
    )

    it.effect("reads all there is of some slices, however unequal, when it answers fewer than it may", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const stream = freshStream()
        const before = yield* store.sliceHeads
        for (let n = 0; n < 30; n += 1) yield* store.execute(note, stream, { owner, text: `${n}` }, meta())
        const all = yield* store.readStream(stream, 0, 100)
        const near = before.filter(({ slice }) => slice >> 4 === (all[0]?.slice ?? 0) >> 4)
        for (const cursors of [before, near]) {
          const events = yield* store.readSlices(cursors, 40)
          assert.deepStrictEqual(
            events.filter(({ streamId }) => streamId === stream),
            all
          )
          for (const limit of [1, 20]) {
            assert.strictEqual((yield* store.readSlices(cursors, limit)).length, limit)
          }
        }
      })
    )

    it.effect("tells when the oldest event was recorded that somebody lacks", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const heads = yield* store.sliceHeads
        assert.isNull(yield* store.oldestAfter(heads))
        assert.isNull(yield* store.oldestAfter([]))
        const write = (text: string) =>
          Effect.map(store.execute(note, freshStream(), { owner, text }, meta()), ({ events }) =>
            events.map(({ stored }) => stored)
          )
        const first = yield* write("first")
        yield* Effect.sleep("2 millis")
        const second = yield* write("second")
        assert.strictEqual((yield* store.oldestAfter(heads))?.toISOString(), first[0]?.header.recordedAt)
        const before = second.map(({ slice, slicePos }) => ({ slice, after: slicePos - 1 }))
        assert.strictEqual((yield* store.oldestAfter(before))?.toISOString(), second[0]?.header.recordedAt)
      })
    )

    it.effect("says that the log is damaged when a cursor lies beyond it", () =>
      Effect.gen(function* () {
        const store = yield* EventStore
        const every = (yield* store.sliceHeads).map((head) =>
          head.slice === 3 ? { slice: 3, after: 1_000_000 } : head
        )
        for (const cursors of [[{ slice: 3, after: 1_000_000 }], every]) {
          const error = yield* Effect.flip(store.readSlices(cursors, 10))
          assert.strictEqual(error._tag, "LogCorrupted")
          assert.include(error.message, "before position 1000000")
        }
      })
    )
  })

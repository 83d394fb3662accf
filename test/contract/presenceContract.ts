import { randomUUID } from "node:crypto"
import { assert, it } from "@effect/vitest"
import { type PersonPresence, Presence } from "@indelible/application/live/Presence"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, type Layer, Schedule, Stream } from "effect"

/** Milliseconds; the layer under test has to be made with it. */
export const grace = 200

export const someone = () => SubjectId.make(randomUUID())

const patience = "10 seconds"

/** Ends when somebody's presence is this; fails when that takes too long. */
export const until = (subject: SubjectId, holds: (presence: PersonPresence) => boolean) =>
  Effect.gen(function* () {
    const presence = yield* Presence
    const now = yield* Effect.map(presence.of([subject]), (found) => found.get(subject))
    return now !== undefined && holds(now) ? now : yield* Effect.fail("not yet" as const)
  }).pipe(Effect.retry(Schedule.spaced("10 millis")), Effect.timeout(patience), Effect.orDie)

/** Everything that is told from here on, of whomever. */
export const listening = Effect.gen(function* () {
  const { changes } = yield* Presence
  const told: Array<readonly [SubjectId, boolean]> = []
  yield* changes.pipe(
    Stream.runForEach(({ online, subject }) => Effect.sync(() => told.push([subject, online]))),
    Effect.forkScoped
  )
  const of = (subject: SubjectId) => told.flatMap(([who, online]) => (who === subject ? [online] : []))
  return {
    of,
    /** Ends when this was told of somebody, and nothing else. */
    until: (subject: SubjectId, ...expected: ReadonlyArray<boolean>) =>
      Effect.suspend(() =>
        of(subject).join() === expected.join() ? Effect.void : Effect.fail("not yet" as const)
      ).pipe(Effect.retry(Schedule.spaced("10 millis")), Effect.timeout(patience), Effect.orDie)
  }
})

const offline = { online: false, lastSeenAt: null }
const online = { online: true, lastSeenAt: null }

/** What presence must be, whatever nodes share or do not share. */
export const presenceContract = (adapter: string, layer: Layer.Layer<Presence, unknown>) =>
  it.layer(layer, { excludeTestServices: true, timeout: "1 minute" })(`Presence on ${adapter}`, (it) => {
    it.effect("knows nothing of whoever was never here", () =>
      Effect.gen(function* () {
        const presence = yield* Presence
        const [a, b] = [someone(), someone()]
        assert.deepStrictEqual(yield* presence.of([a, b]), new Map([a, b].map((each) => [each, offline])))
        assert.deepStrictEqual(yield* presence.of([]), new Map())
        assert.deepStrictEqual(yield* presence.watch(a), offline)
      })
    )

    it.effect("W13 counts what is a connection and a device, and has whoever has one online", () =>
      Effect.gen(function* () {
        const presence = yield* Presence
        const [a, b] = [someone(), someone()]
        assert.strictEqual(yield* presence.arrive(a, "both"), 1)
        assert.strictEqual(yield* presence.arrive(b, "both"), 1)
        assert.strictEqual(yield* presence.arrive(a, "both"), 2)
        yield* presence.depart(a, "both")
        assert.strictEqual(yield* presence.arrive(a, "both"), 2)
        yield* presence.depart(a, "both")
        yield* Effect.sleep(2 * grace)
        assert.deepStrictEqual(
          yield* presence.of([a, b]),
          new Map([
            [a, online],
            [b, online]
          ])
        )
      })
    )

    it.effect("H16 W13 counts connections of any kind and no streams, and lets them go at once", () =>
      Effect.gen(function* () {
        const presence = yield* Presence
        const a = someone()
        assert.strictEqual(yield* presence.arrive(a, "both"), 1)
        assert.strictEqual(yield* presence.arrive(a, "connection"), 2)
        assert.strictEqual(yield* presence.arrive(a, "device"), 2)
        assert.strictEqual(yield* presence.arrive(a, "connection"), 3)
        yield* presence.depart(a, "both")
        yield* presence.depart(a, "device")
        yield* presence.depart(a, "connection")
        assert.strictEqual(yield* presence.arrive(a, "connection"), 2)
        assert.strictEqual(yield* presence.arrive(a, "both"), 3)
      })
    )

    it.effect("has nobody online by connections alone, and tells nobody of them", () =>
      Effect.gen(function* () {
        const presence = yield* Presence
        const told = yield* listening
        const a = someone()
        const now = Effect.map(presence.of([a]), (found) => found.get(a))
        yield* presence.watch(a)
        yield* presence.arrive(a, "connection")
        assert.deepStrictEqual(yield* now, offline)
        yield* presence.arrive(a, "device")
        yield* told.until(a, true)
        yield* presence.depart(a, "connection")
        yield* presence.arrive(a, "connection")
        assert.deepStrictEqual(yield* now, online)
        yield* presence.depart(a, "device")
        const gone = yield* until(a, (found) => !found.online)
        assert.isNotNull(gone.lastSeenAt)
        assert.strictEqual(yield* presence.arrive(a, "connection"), 2)
        yield* presence.depart(a, "connection")
        yield* presence.depart(a, "connection")
        assert.deepStrictEqual(yield* now, gone)
        yield* presence.arrive(a, "device")
        yield* told.until(a, true, false, true)
      })
    )

    it.effect("W13 tells each of many who come at once another number", () =>
      Effect.gen(function* () {
        const presence = yield* Presence
        const a = someone()
        const counts = yield* Effect.forEach(Array.from({ length: 60 }), () => presence.arrive(a, "both"), {
          concurrency: "unbounded"
        })
        assert.deepStrictEqual(
          counts,
          counts.map((_, i) => i + 1)
        )
      })
    )

    it.effect("4.2 has somebody online for the grace, then offline, last seen when they went", () =>
      Effect.gen(function* () {
        const presence = yield* Presence
        const a = someone()
        yield* presence.arrive(a, "both")
        yield* Effect.sleep("20 millis")
        const before = Date.now()
        yield* presence.depart(a, "both")
        const after = Date.now()
        const { lastSeenAt } = yield* until(a, (now) => !now.online)
        assert.isAtLeast(Date.now() - before, grace)
        assert.isAtLeast(lastSeenAt ?? 0, before)
        assert.isAtMost(lastSeenAt ?? 0, after)
        yield* presence.arrive(a, "both")
        assert.deepStrictEqual((yield* presence.of([a])).get(a), online)
      })
    )

    it.effect("tells of those who are watched, of each change once, and of nobody else", () =>
      Effect.gen(function* () {
        const presence = yield* Presence
        const told = yield* listening
        const [a, b, c] = [someone(), someone(), someone()]
        yield* presence.arrive(b, "both")
        assert.deepStrictEqual(yield* presence.watch(a), offline)
        assert.deepStrictEqual(yield* presence.watch(b), online)
        yield* presence.watch(b)
        yield* presence.arrive(a, "both")
        yield* presence.arrive(a, "both")
        yield* told.until(a, true)
        yield* presence.depart(a, "both")
        yield* presence.depart(b, "both")
        yield* told.until(b, false)
        yield* presence.depart(a, "both")
        yield* told.until(a, true, false)

        yield* presence.unwatch(a)
        yield* presence.arrive(a, "both")
        yield* presence.arrive(c, "both")
        yield* presence.arrive(b, "both")
        yield* told.until(b, false, true)
        assert.deepStrictEqual(told.of(a), [true, false])
        assert.deepStrictEqual(told.of(c), [])
        assert.deepStrictEqual(yield* presence.watch(a), online)
      })
    )

    it.effect("takes a reload for no change", () =>
      Effect.gen(function* () {
        const presence = yield* Presence
        const told = yield* listening
        const [a, b] = [someone(), someone()]
        for (const each of [a, b]) {
          yield* presence.arrive(each, "both")
          yield* presence.watch(each)
        }
        yield* presence.depart(a, "both")
        yield* presence.depart(b, "both")
        yield* presence.arrive(a, "both")
        // Went at the same moment, so by now the other would be told of as well.
        yield* told.until(b, false)
        assert.deepStrictEqual(told.of(a), [])
        assert.deepStrictEqual((yield* presence.of([a])).get(a), online)
      })
    )
  })

import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as TestDirectory from "../../../../test/identity/TestDirectory.ts"
import type { Person } from "../people/People.ts"
import type { Principal } from "./Principal.ts"
import { layer, SessionWatch } from "./SessionWatch.ts"
import type { Standing } from "./Standing.ts"

const { someone } = TestDirectory

const watching = (directory: ReturnType<typeof TestDirectory.make>) =>
  Effect.map(Layer.build(layer.pipe(Layer.provide(directory.layer))), (context) =>
    SessionWatch.pipe(Effect.provideContext(context))
  ).pipe(Effect.flatten)

/** Everything the watch reports from now on. */
const listen = Effect.fnUntraced(function* (watch: SessionWatch["Service"]) {
  const heard: Array<Standing> = []
  yield* watch.changes.pipe(
    Stream.runForEach((standing) => Effect.sync(() => heard.push(standing))),
    Effect.forkScoped({ startImmediately: true })
  )
  return heard
})

const setUp = Effect.gen(function* () {
  const directory = TestDirectory.make()
  const watch = yield* watching(directory)
  const heard = yield* listen(watch)
  return { ...directory, watch, heard }
})

const session = ({ role, subject, userId }: Person, issuedAt: number): Principal => ({
  userId,
  subject,
  role,
  issuedAt,
  expiresAt: 9e15
})

describe("SessionWatch (J8, W4)", () => {
  it.effect("reports a suspension, a leaving and a sign-out within 3 s, once each", () =>
    Effect.gen(function* () {
      const { heard, people } = yield* setUp
      const sue = yield* people.put("sue", { ...someone, status: "suspended" })
      const leo = yield* people.put("leo", { ...someone, status: "left" })
      const sam = yield* people.put("sam", someone)
      yield* people.signOut("sam")
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(heard, [
        { subject: sue.subject, role: "worker", status: "suspended", signedOutAt: 0 },
        { subject: leo.subject, role: "worker", status: "left", signedOutAt: 0 },
        { subject: sam.subject, role: "worker", status: "active", signedOutAt: 0 }
      ])
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(heard.length, 3)
    })
  )

  it.effect("hears nothing of what changed before it began, in a directory of many pages", () =>
    Effect.gen(function* () {
      const directory = TestDirectory.make()
      directory.state.pageSize = 10
      for (let n = 0; n < 105; n++) yield* directory.people.put(`p${n}`, { ...someone, status: "left" })
      const watch = yield* watching(directory)
      const heard = yield* listen(watch)
      for (let n = 0; n < 25; n++) yield* directory.people.put(`q${n}`, someone)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(heard.length, 25)
    })
  )

  it.effect("answers for a session that was registered after its end went by", () =>
    Effect.gen(function* () {
      const { people, watch } = yield* setUp
      yield* TestClock.adjust("10 seconds")
      const sue = yield* people.put("sue", someone)
      const sam = yield* people.put("sam", someone)
      const ada = yield* people.put("ada", someone)
      yield* people.put("sue", { ...someone, status: "suspended" })
      yield* people.signOut("sam")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(watch.endOf(session(sue, 10_000)), "suspended")
      assert.strictEqual(watch.endOf(session(sam, 10_000)), "signed-out")
      assert.strictEqual(watch.endOf(session(sam, 11_000)), undefined)
      assert.strictEqual(watch.endOf(session(ada, 10_000)), undefined)
      assert.strictEqual(watch.endOf({ ...session(ada, 1), subject: null, role: "service" }), undefined)
    })
  )

  it.effect("forgets a change after half a minute, whatever the wall clock does", () =>
    Effect.gen(function* () {
      const { people, watch } = yield* setUp
      yield* TestClock.adjust("1 hour")
      const sue = yield* people.put("sue", { ...someone, status: "suspended" })
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(watch.endOf(session(sue, 1)), "suspended")
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(watch.endOf(session(sue, 1)), undefined)
    })
  )

  it.effect("keeps its place through an outage, a silence and a defect of the directory", () =>
    Effect.gen(function* () {
      const { heard, people, state } = yield* setUp
      for (const trouble of ["down", "broken"] as const) {
        state[trouble] = true
        yield* people.put(`during-${trouble}`, { ...someone, status: "suspended" })
        yield* TestClock.adjust("1 minute")
        state[trouble] = false
        yield* TestClock.adjust("1 second")
      }
      state.delay = Duration.hours(1)
      yield* TestClock.adjust("1 minute")
      yield* people.put("during-silence", { ...someone, status: "suspended" })
      state.delay = Duration.zero
      // The silent question is given up after 2 s, the next follows 1 s later.
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(heard.length, 3)
    })
  )

  it.effect("waits at its start for a directory that is away", () =>
    Effect.gen(function* () {
      const directory = TestDirectory.make()
      directory.state.down = true
      const starting = yield* Effect.forkChild(watching(directory))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(starting.pollUnsafe(), undefined)
      directory.state.down = false
      yield* TestClock.adjust("1 second")
      assert.isDefined(yield* Fiber.join(starting))
    })
  )
})

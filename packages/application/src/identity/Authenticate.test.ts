import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import * as TestDirectory from "../../../../test/identity/TestDirectory.ts"
import * as Authenticate from "./Authenticate.ts"
import { Identity } from "./Identity.ts"
import { Unauthenticated } from "./IdentityError.ts"
import { TokenVerifier, type VerifiedToken } from "./TokenVerifier.ts"

const { someone } = TestDirectory

/** A verifier for which `ada@5000` is a good token of ada's, issued at 5,000 ms; `!svc@5000` one of a program. */
const readable = Layer.succeed(TokenVerifier, {
  ready: Effect.succeed(true),
  verify: (token) => {
    const [, service, userId, at] = /^(!?)(\w+)@(\d+)$/.exec(token) ?? []
    if (userId === undefined) return Effect.fail(new Unauthenticated({ reason: "signature" }))
    const verified: VerifiedToken = {
      userId,
      isService: service === "!",
      issuedAt: Number(at),
      expiresAt: Number(at) + 3_600_000
    }
    return Effect.succeed(verified)
  }
})

const setUp = Effect.gen(function* () {
  const directory = TestDirectory.make()
  const context = yield* Layer.build(
    Authenticate.layer.pipe(Layer.provide(Layer.merge(directory.layer, readable)))
  )
  const identity = yield* Identity.pipe(Effect.provideContext(context))
  const refusal = (token: string) =>
    identity.authenticate(token).pipe(
      Effect.flip,
      Effect.map((error) => (error._tag === "Unauthenticated" ? error.reason : error.part))
    )
  return { ...directory, authenticate: identity.authenticate, refusal }
})

describe("Authenticate", () => {
  it.effect("takes role and subject from the directory", () =>
    Effect.gen(function* () {
      const { authenticate, people } = yield* setUp
      const ada = yield* people.put("ada", { ...someone, role: "business" })
      assert.deepStrictEqual(yield* authenticate("ada@5000"), {
        userId: "ada",
        subject: ada.subject,
        role: "business",
        issuedAt: 5_000,
        expiresAt: 3_605_000
      })
    })
  )

  it.effect("lets a program in without asking the directory", () =>
    Effect.gen(function* () {
      const { authenticate, state } = yield* setUp
      const { role, subject } = yield* authenticate("!platform@5000")
      assert.deepStrictEqual(
        { role, subject, asked: state.asked },
        { role: "service", subject: null, asked: 0 }
      )
    })
  )

  it.effect(
    "asks the directory nothing about a token that is not genuine, and says the same to all (J5)",
    () =>
      Effect.gen(function* () {
        const { authenticate, people, refusal, state } = yield* setUp
        yield* people.put("ada", { ...someone, status: "suspended" })
        assert.strictEqual(yield* refusal("forged"), "signature")
        assert.strictEqual(state.asked, 0)
        const messages = yield* Effect.forEach(["forged", "ada@1", "nobody@1"], (token) =>
          Effect.map(Effect.flip(authenticate(token)), ({ message }) => message)
        )
        assert.strictEqual(new Set(messages).size, 1)
      })
  )

  it.effect("refuses the unknown, the suspended, those who left, and the erased", () =>
    Effect.gen(function* () {
      const { erase, people, refusal } = yield* setUp
      yield* people.put("sue", { ...someone, status: "suspended" })
      yield* people.put("leo", { ...someone, status: "left" })
      yield* people.put("eve", someone)
      erase("eve")
      const reasons = yield* Effect.forEach(["bob@1", "sue@1", "leo@1", "eve@1"], refusal)
      assert.deepStrictEqual(reasons, ["unknown-person", "suspended", "left", "unknown-person"])
    })
  )

  it.effect(
    "J8: a suspension, a sign-out and an erasure count within 5 s, though the person was just here",
    () =>
      Effect.gen(function* () {
        const { authenticate, erase, people, refusal, state } = yield* setUp
        yield* TestClock.adjust("10 seconds")
        for (const userId of ["sue", "sam", "eve"]) yield* people.put(userId, someone)
        for (const userId of ["sue", "sam", "eve"]) yield* authenticate(`${userId}@10000`)
        yield* authenticate("sue@10000")
        assert.strictEqual(state.asked, 3)
        yield* people.put("sue", { ...someone, status: "suspended" })
        yield* people.signOut("sam")
        erase("eve")
        yield* TestClock.adjust("4 seconds")
        const reasons = yield* Effect.forEach(["sue@10000", "sam@10000", "eve@10000"], refusal)
        assert.deepStrictEqual(reasons, ["suspended", "signed-out", "unknown-person"])
        assert.strictEqual((yield* authenticate("sam@11000")).userId, "sam")
      })
  )

  it.effect("J8: the age of an answer counts from its question, however long it was on its way", () =>
    Effect.gen(function* () {
      const { authenticate, people, refusal, state } = yield* setUp
      yield* people.put("sue", someone)
      state.delay = Duration.millis(1_900)
      const first = yield* Effect.forkChild(authenticate("sue@1"))
      yield* TestClock.adjust("100 millis")
      yield* people.put("sue", { ...someone, status: "suspended" })
      yield* TestClock.adjust("1800 millis")
      assert.strictEqual((yield* Fiber.join(first)).userId, "sue")
      state.delay = Duration.zero
      yield* TestClock.adjust("2100 millis")
      assert.strictEqual(yield* refusal("sue@1"), "suspended")
    })
  )

  it.effect("J8: a clock set back keeps nobody in", () =>
    Effect.gen(function* () {
      const { authenticate, people, refusal } = yield* setUp
      yield* TestClock.adjust("1 hour")
      yield* people.put("sue", someone)
      yield* authenticate("sue@1")
      yield* people.put("sue", { ...someone, status: "suspended" })
      yield* TestClock.setTime(0)
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(yield* refusal("sue@1"), "suspended")
    })
  )

  it.effect(
    "lets nobody in while the directory is away or silent, refuses nobody, and recovers at once",
    () =>
      Effect.gen(function* () {
        const { authenticate, people, refusal, state } = yield* setUp
        yield* people.put("ada", someone)
        state.down = true
        assert.strictEqual(yield* refusal("ada@1"), "directory")
        state.down = false
        assert.strictEqual((yield* authenticate("ada@1")).userId, "ada")
        yield* TestClock.adjust("5 seconds")
        state.delay = Duration.hours(1)
        const silent = yield* Effect.forkChild(refusal("ada@1"))
        yield* TestClock.adjust("2 seconds")
        assert.strictEqual(yield* Fiber.join(silent), "directory")
        assert.strictEqual((yield* authenticate("!platform@1")).role, "service")
      })
  )

  it.effect("keeps no bad news: whoever was just added or let in again comes in", () =>
    Effect.gen(function* () {
      const { authenticate, people, refusal } = yield* setUp
      assert.strictEqual(yield* refusal("ada@1"), "unknown-person")
      yield* people.put("ada", { ...someone, status: "suspended" })
      assert.strictEqual(yield* refusal("ada@1"), "suspended")
      yield* people.put("ada", someone)
      assert.strictEqual((yield* authenticate("ada@1")).userId, "ada")
    })
  )

  it.effect("asks once for a hundred requests at once, and remembers 10,000 people at most", () =>
    Effect.gen(function* () {
      const { authenticate, people, state } = yield* setUp
      yield* people.put("ada", someone)
      const hundred = Array.from({ length: 100 }, () => authenticate("ada@1"))
      state.delay = Duration.millis(1)
      const all = yield* Effect.forkChild(Effect.all(hundred, { concurrency: "unbounded" }))
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(all)
      assert.strictEqual(state.asked, 1)
      state.delay = Duration.zero
      for (let other = 0; other < 10_000; other++) {
        yield* people.put(`p${other}`, someone)
        yield* authenticate(`p${other}@1`)
      }
      state.asked = 0
      yield* authenticate("p9999@1")
      assert.strictEqual(state.asked, 0)
      yield* authenticate("ada@1")
      assert.strictEqual(state.asked, 1)
    })
  )
})

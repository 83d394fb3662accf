import { randomUUID } from "node:crypto"
import { assert, it } from "@effect/vitest"
import { type Admitted, RateLimits, type RateWindows } from "@indelible/application/limits/RateLimits"
import { perHour, type RateRule, RateRules } from "@indelible/application/limits/RateRules"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Clock, Effect, Layer } from "effect"
import { stoppedAt } from "./projections/StoppedClock.ts"

const messages = perHour(5)
/** Short enough to be waited for. */
const lists: RateRule = { most: 2, window: 150 }
const repeats = perHour(1)
export const contractRules = { messages, lists, repeats }

const someone = () => SubjectId.make(randomUUID())
const admitted = (turn: Effect.Success<ReturnType<RateWindows["take"]>>): Admitted => {
  assert(turn._tag === "Admitted")
  return turn
}
const millis = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)

/** What rate limits must do, whatever counts them. `layer` takes its rules from `RateRules`. */
export const rateLimitsContract = (adapter: string, layer: Layer.Layer<RateLimits, unknown>) =>
  it.layer(Layer.provide(layer, Layer.succeed(RateRules, contractRules)), {
    excludeTestServices: true,
    timeout: "1 minute"
  })(`RateLimits on ${adapter}`, (it) => {
    /** What one person who has done nothing yet may do. */
    const fresh = Effect.map(RateLimits, ({ take }) => {
      const subject = someone()
      return (member: string = randomUUID(), limit: "messages" | "lists" | "repeats" = "messages") =>
        take(limit, subject, member)
    })

    it.effect("admits as many as the rule says and no more, and says when there is room again", () =>
      Effect.gen(function* () {
        const take = yield* fresh
        for (let i = 1; i <= messages.most; i++) {
          const { added, standing } = admitted(yield* take())
          assert.isTrue(added)
          assert.deepInclude(standing, { limit: "messages", rule: messages, remaining: messages.most - i })
          assert.isAtMost(standing.moreInMs ?? Number.NaN, messages.window)
          assert.isAbove(standing.moreInMs ?? Number.NaN, messages.window - 60_000)
        }
        const refused = yield* take()
        assert.deepInclude(refused, { _tag: "Refused" })
        assert.strictEqual(refused.standing.remaining, 0)
        assert.isAtMost(refused.standing.moreInMs ?? Number.NaN, messages.window)
        assert.isAbove(refused.standing.moreInMs ?? Number.NaN, messages.window - 60_000)
      })
    )

    it.effect("keeps people and limits apart", () =>
      Effect.gen(function* () {
        const [take, another] = [yield* fresh, yield* fresh]
        yield* take("one", "repeats")
        assert.strictEqual((yield* take("two", "repeats"))._tag, "Refused")
        assert.strictEqual(admitted(yield* take("one")).standing.remaining, messages.most - 1)
        assert.isTrue(admitted(yield* another("one", "repeats")).added)
      })
    )

    it.effect("H12: counts a member once, and lets it in again where there is no room for another", () =>
      Effect.gen(function* () {
        const take = yield* fresh
        const copies = yield* Effect.all(
          Array.from({ length: 20 }, () => Effect.map(take("again"), admitted)),
          { concurrency: "unbounded" }
        )
        assert.lengthOf(
          copies.filter(({ added }) => added),
          1
        )
        for (const { standing } of copies) assert.strictEqual(standing.remaining, messages.most - 1)
        while ((yield* take())._tag === "Admitted");
        const { added, standing } = admitted(yield* take("again"))
        assert.isFalse(added)
        assert.strictEqual(standing.remaining, 0)
      })
    )

    it.effect("H16: lets calls at the same time add no more than there is room for", () =>
      Effect.gen(function* () {
        for (let round = 0; round < 5; round++) {
          const take = yield* fresh
          const turns = yield* Effect.all(
            Array.from({ length: 40 }, () => take()),
            { concurrency: "unbounded" }
          )
          assert.lengthOf(
            turns.filter(({ _tag }) => _tag === "Admitted"),
            messages.most
          )
        }
      })
    )

    it.effect("takes back what came to nothing, from whoever added it and nobody else", () =>
      Effect.gen(function* () {
        const take = yield* fresh
        const adder = admitted(yield* take("one"))
        const other = admitted(yield* take("one"))
        assert.strictEqual((yield* other.giveBack).remaining, messages.most - 1)
        assert.isFalse(admitted(yield* take("one")).added)
        assert.deepInclude(yield* adder.giveBack, { remaining: messages.most, moreInMs: null })
        const next = admitted(yield* take("one"))
        assert.isTrue(next.added)
        assert.strictEqual((yield* adder.giveBack).remaining, messages.most - 1, "again: it is another's now")
        yield* next.keep
        assert.isFalse(admitted(yield* take("one")).added)
      })
    )

    it.effect("keeps what was done, whoever added it, and adds it if it is missing", () =>
      Effect.gen(function* () {
        const take = yield* fresh
        const adder = admitted(yield* take("one"))
        const doer = admitted(yield* take("one"))
        yield* doer.keep
        assert.strictEqual((yield* adder.giveBack).remaining, messages.most - 1)
        assert.isFalse(admitted(yield* take("one")).added)

        const gone = admitted(yield* take("two"))
        const late = admitted(yield* take("two"))
        yield* gone.giveBack
        while ((yield* take())._tag === "Admitted");
        yield* late.keep
        assert.isFalse(admitted(yield* take("two")).added)
        assert.strictEqual((yield* take()).standing.remaining, 0)
      })
    )

    it.effect("F32: goes by no wall clock, which may jump", () =>
      Effect.gen(function* () {
        const take = yield* fresh
        const clock = yield* Clock.Clock
        const now = yield* Clock.currentTimeMillis
        const at = (hours: number) =>
          Effect.provideService(take(), Clock.Clock, stoppedAt(clock, now + hours * 3_600_000))
        for (let i = 0; i < messages.most; i++) assert.isTrue(admitted(yield* at(2 * i - 4)).added)
        for (const hours of [-3, 0, 3, 30]) assert.strictEqual((yield* at(hours))._tag, "Refused")
      })
    )

    it.effect("slides: in no span of a window are there more than the rule says", () =>
      Effect.gen(function* () {
        const take = yield* fresh
        const admissions: Array<{ readonly before: number; readonly after: number }> = []
        let told = 0
        while (admissions.length < 4 * lists.most) {
          const before = yield* millis
          const turn = yield* take(randomUUID(), "lists")
          if (turn._tag === "Admitted") admissions.push({ before, after: yield* millis })
          else {
            told = turn.standing.moreInMs ?? Number.NaN
            assert.isAtMost(told, lists.window)
            yield* Effect.sleep(Math.min(told, 20))
          }
        }
        assert.isAbove(told, 0)
        for (const [i, { after }] of admissions.entries()) {
          const first = admissions[i - lists.most]
          // The two clocks may round a millisecond differently.
          if (first !== undefined) assert.isAtLeast(after - first.before, lists.window - 2)
        }
      })
    )

    it.effect("is free again once the time that it told is over", () =>
      Effect.gen(function* () {
        const take = yield* fresh
        while ((yield* take(randomUUID(), "lists"))._tag === "Admitted");
        const { standing } = yield* take(randomUUID(), "lists")
        yield* Effect.sleep(Math.ceil(standing.moreInMs ?? Number.NaN) + 2)
        assert.isTrue(admitted(yield* take(randomUUID(), "lists")).added)
      })
    )
  })

import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { RateLimits } from "@indelible/application/limits/RateLimits"
import { type LimitName, RateRules } from "@indelible/application/limits/RateRules"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import * as InstallationKey from "@indelible/infrastructure/keys/InstallationKey"
import * as MemoryRateLimits from "@indelible/infrastructure/memory/MemoryRateLimits"
import * as IoRedis from "@indelible/infrastructure/redis/IoRedis"
import * as RedisAddress from "@indelible/infrastructure/redis/RedisAddress"
import * as RedisRateLimits from "@indelible/infrastructure/redis/RedisRateLimits"
import { Clock, Context, Effect, Layer, Metric, Redacted, Result } from "effect"
import { Redis } from "ioredis"
import { redisPrograms } from "../servers/RedisPrograms.ts"
import * as RedisServer from "../servers/RedisServer.ts"
import * as TestRedis from "../servers/TestRedis.ts"
import { contractRules, rateLimitsContract } from "./rateLimitsContract.ts"

rateLimitsContract("memory", MemoryRateLimits.layer)

const installation = Layer.succeed(
  InstallationKey.InstallationKey,
  InstallationKey.make(Redacted.make(new Uint8Array(32).fill(3)))
)

/** Limits as one node has them, with the Redis at `url`. */
const nodeOn = (url: Redacted.Redacted) => {
  const address = Result.getOrThrowWith(RedisAddress.parse(Redacted.value(url)), Error)
  return Layer.fresh(RedisRateLimits.layer).pipe(
    Layer.provide(Layer.fresh(IoRedis.layer(address, "test"))),
    Layer.provide(installation)
  )
}

for (const kind of TestRedis.redisKinds) {
  if (TestRedis.redisIsMissing(kind)) continue
  rateLimitsContract(`a Redis ${kind}`, Layer.unwrap(Effect.map(TestRedis.start(kind), nodeOn)))
}

const most = contractRules.messages.most

/** Two nodes with one Redis, and what one person may do on them. */
const twoNodes = Effect.gen(function* () {
  const server = yield* RedisServer.make()
  yield* server.start
  const build = Effect.map(
    Layer.build(nodeOn(server.url)).pipe(Effect.provideService(RateRules, contractRules)),
    (context) => Context.get(context, RateLimits)
  )
  const nodes = [yield* build, yield* build] as const
  const person = (limit: LimitName = "messages") => {
    const subject = SubjectId.make(randomUUID())
    return (node: 0 | 1, member: string = randomUUID()) => nodes[node].take(limit, subject, member)
  }
  /** How many new members are let in when 20 come to each node at once. */
  const burst = (take: ReturnType<typeof person>) =>
    Effect.map(
      Effect.all(
        Array.from({ length: 40 }, (_, i) => take(i % 2 === 0 ? 0 : 1)),
        { concurrency: "unbounded" }
      ),
      (turns) => turns.filter(({ _tag }) => _tag === "Admitted").length
    )
  return { burst, person, server }
})

const counted = (name: string, labels: Readonly<Record<string, string>>) =>
  Effect.map(Metric.snapshot, (snapshot) => {
    const found = snapshot.find(
      ({ attributes = {}, id }) =>
        id === name && Object.entries(labels).every(([label, value]) => attributes[label] === value)
    )
    return found?.type === "Counter" ? Number(found.state.count) : Number.NaN
  })
const fallbacks = counted("indelible_limit_fallbacks_total", { limit: "messages" })
const timeouts = counted("indelible_redis_calls_total", { outcome: "timeout" })

/** Does it again where Redis did not answer in time, as on a busy machine: this is about what holds while it does. */
const whileRedisAnswers = <A, E, R>(body: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    for (;;) {
      const before = yield* fallbacks
      const exit = yield* Effect.exit(body)
      if ((yield* fallbacks) === before) return yield* exit
    }
  })

describe.skipIf(redisPrograms === undefined)("limits on two nodes", () => {
  it.live("H16: together let in as many as one would", () =>
    Effect.gen(function* () {
      const { burst, person } = yield* twoNodes
      for (let round = 0; round < 5; round++) {
        yield* whileRedisAnswers(
          Effect.gen(function* () {
            assert.strictEqual(yield* burst(person()), most)
          })
        )
      }
    })
  )

  it.live("H12: know each other's members, and keep what the other began and this one did", () =>
    Effect.gen(function* () {
      const { person } = yield* twoNodes
      yield* whileRedisAnswers(
        Effect.gen(function* () {
          const take = person()
          const [first, second] = [yield* take(0, "one"), yield* take(1, "one")]
          assert(first._tag === "Admitted" && second._tag === "Admitted")
          assert.deepStrictEqual([first.added, second.added], [true, false])
          yield* second.keep
          assert.strictEqual((yield* first.giveBack).remaining, most - 1)
          const gone = yield* take(1, "two")
          assert(gone._tag === "Admitted")
          assert.strictEqual((yield* gone.giveBack).remaining, most - 1)
          while ((yield* take(1))._tag === "Admitted");
          assert.strictEqual((yield* take(0))._tag, "Refused")
          assert.strictEqual((yield* take(0, "one"))._tag, "Admitted")
        })
      )
    })
  )

  it.live("leave nothing in Redis of whoever did nothing for a window", () =>
    Effect.gen(function* () {
      const { person, server } = yield* twoNodes
      const redis = yield* Effect.acquireRelease(
        Effect.sync(() => new Redis(Redacted.value(server.url))),
        (client) => Effect.sync(() => client.disconnect())
      )
      const keys = Effect.promise(() => redis.dbsize())
      yield* whileRedisAnswers(person()(0))
      yield* whileRedisAnswers(person("lists")(0))
      yield* Effect.timeout(
        Effect.repeat(Effect.delay(keys, "20 millis"), { while: (count) => count !== 1 }),
        "10 seconds"
      )
      const [left = ""] = yield* Effect.promise(() => redis.keys("*"))
      assert.include(left, ":limit:messages:")
      const expiry = yield* Effect.promise(() => redis.pttl(left))
      assert.isAtMost(expiry, contractRules.messages.window)
      assert.isAbove(expiry, 0)
    })
  )

  it.live("F19: hold by what each saw itself after Redis lost everything", () =>
    Effect.gen(function* () {
      const { person, server } = yield* twoNodes
      const take = person()
      const fill = (node: 0 | 1) =>
        Effect.gen(function* () {
          let admitted = 0
          while ((yield* take(node))._tag === "Admitted") admitted += 1
          return admitted
        })
      for (let i = 0; i < most - 1; i++) yield* take(0)
      yield* server.restart
      assert.strictEqual(yield* fill(0), 1)
      assert.isAtMost(yield* fill(1), most)
      assert.strictEqual((yield* take(0)).standing.remaining, 0)
    })
  )

  it.live("F17: are each node's own while Redis is gone, and are told so by a metric", () =>
    Effect.gen(function* () {
      const { burst, person, server } = yield* twoNodes
      const take = person()
      assert.strictEqual((yield* take(0, "one"))._tag, "Admitted")
      yield* server.kill9
      const before = yield* fallbacks
      assert.strictEqual(yield* burst(take), 2 * most - 1)
      assert.isAtLeast((yield* fallbacks) - before, 40)
      assert.strictEqual((yield* take(0, "one"))._tag, "Admitted")
      assert.strictEqual((yield* take(0))._tag, "Refused")
    })
  )

  it.live("F18: answer soon while Redis never does, and then leave it alone", () =>
    Effect.gen(function* () {
      const { burst, person, server } = yield* twoNodes
      yield* server.freeze
      const started = yield* Clock.monotonicTimeNanos
      assert.strictEqual(yield* burst(person()), 2 * most)
      assert.isBelow(Number((yield* Clock.monotonicTimeNanos) - started) / 1e6, 2_000)
      const before = yield* timeouts
      assert.strictEqual(yield* burst(person()), 2 * most)
      // Each node may try once whether it answers again.
      assert.isAtMost((yield* timeouts) - before, 2)
    })
  )

  it.live(
    "F17: what came to nothing while Redis was gone is free; what was saved is told when it is back",
    () =>
      Effect.gen(function* () {
        const { person, server } = yield* twoNodes
        const take = person()
        yield* server.kill9
        const [nothing, saved] = [yield* take(0), yield* take(0)]
        assert(nothing._tag === "Admitted" && saved._tag === "Admitted")
        assert.strictEqual((yield* nothing.giveBack).remaining, most - 1)
        yield* server.start
        const roomElsewhere = Effect.flatMap(take(1), (turn) =>
          turn._tag === "Admitted" ? Effect.as(turn.giveBack, turn.standing.remaining) : Effect.succeed(0)
        )
        const told = Effect.andThen(saved.keep, roomElsewhere)
        const remaining = yield* Effect.timeout(
          Effect.repeat(Effect.delay(told, "50 millis"), { while: (room) => room !== most - 2 }),
          "10 seconds"
        )
        assert.strictEqual(remaining, most - 2)
      })
  )
})

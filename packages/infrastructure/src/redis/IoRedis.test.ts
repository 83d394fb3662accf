import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect, Exit, Layer, Logger, Redacted, Result, type Scope } from "effect"
import * as TcpProxy from "../../../../test/faults/TcpProxy.ts"
import { redisPrograms } from "../../../../test/servers/RedisPrograms.ts"
import * as RedisServer from "../../../../test/servers/RedisServer.ts"
import * as TestRedis from "../../../../test/servers/TestRedis.ts"
import * as InstallationKey from "../keys/InstallationKey.ts"
import * as IoRedis from "./IoRedis.ts"
import * as RedisAddress from "./RedisAddress.ts"
import { RedisClient } from "./RedisClient.ts"
import { redisScript } from "./RedisScript.ts"

const key = (byte: number) =>
  Layer.succeed(
    InstallationKey.InstallationKey,
    InstallationKey.make(Redacted.make(new Uint8Array(32).fill(byte)))
  )

/** A client of the Redis at `url`, and what it says to the log. */
const clientOf = Effect.fnUntraced(function* (url: string, installation = 1) {
  const log: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => void log.push(`${logLevel} ${String(message)}`))
  const address = Result.getOrThrowWith(RedisAddress.parse(url), Error)
  const context = yield* Layer.build(
    IoRedis.layer(address, "test").pipe(
      Layer.provide(key(installation)),
      Layer.provideMerge(Logger.layer([logger]))
    )
  )
  return { client: Context.get(context, RedisClient), log }
})

const until = (holds: Effect.Effect<boolean>) =>
  Effect.timeout(Effect.repeat(Effect.delay(holds, "10 millis"), { while: (yes) => !yes }), "10 seconds")

const milliseconds = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const started = yield* Clock.monotonicTimeNanos
    const result = yield* effect
    return { result, took: Number((yield* Clock.monotonicTimeNanos) - started) / 1e6 }
  })

const ping = ({ command }: RedisClient["Service"]) => Effect.result(command("ping"))
const reasons = <A, E extends { readonly reason: string }>(results: ReadonlyArray<Result.Result<A, E>>) =>
  results.map((result) => (Result.isSuccess(result) ? "answered" : result.failure.reason))

const count = redisScript("return redis.call('INCRBY', KEYS[1], ARGV[1]) + redis.call('INCR', KEYS[2])")

describe.each(TestRedis.redisKinds)("RedisClient on a %s", (kind) => {
  const test = <E>(name: string, body: Effect.Effect<void, E, Scope.Scope>) =>
    it.live.skipIf(TestRedis.redisIsMissing(kind))(name, () => body)

  test(
    "does commands and scripts, keeps installations apart, and passes on what is published",
    Effect.gen(function* () {
      const url = Redacted.value(yield* TestRedis.start(kind))
      const { client, log } = yield* clientOf(url)
      const { client: stranger } = yield* clientOf(url, 2)
      assert.isTrue(yield* client.connected)

      const name = client.key("thing", "{a}")
      assert.strictEqual(yield* client.command("set", name, "text", "px", 60_000), "OK")
      assert.strictEqual(yield* client.command("get", name), "text")
      assert.strictEqual(yield* stranger.command("get", stranger.key("thing", "{a}")), null)

      const keys = [client.key("n", "{b}", "1"), client.key("n", "{b}", "2")]
      yield* client.command("script", "flush")
      assert.strictEqual(yield* client.evaluate(count, keys, [5]), 6)
      assert.strictEqual(yield* client.evaluate(count, keys, [5]), 12)

      // Enough to lie on every member of a cluster.
      const channels = Array.from({ length: 12 }, (_, i) => client.key("channel", String(i)))
      const heard: Array<string> = []
      const subscription = yield* client.subscribe(channels, (channel, payload) => {
        heard.push(`${channel} ${Buffer.from(payload).toString("hex")}`)
      })
      yield* until(subscription.connected)
      for (const channel of channels) yield* client.publish(channel, Uint8Array.of(0, 255, 128))
      yield* until(Effect.sync(() => heard.length >= channels.length))
      assert.sameMembers(
        heard,
        channels.map((channel) => `${channel} 00ff80`)
      )
      assert.deepStrictEqual(log, [])
    })
  )
})

describe.skipIf(redisPrograms === undefined)("RedisClient without its Redis", { concurrent: true }, () => {
  it.live("F16 starts, fails at once, says so once, and finds it when it comes", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make()
      const started = yield* milliseconds(clientOf(Redacted.value(server.url)))
      const { client, log } = started.result
      assert.isBelow(started.took, 3_000)
      assert.isFalse(yield* client.connected)
      const failed = yield* milliseconds(ping(client))
      assert.isBelow(failed.took, 1_000)
      assert.deepStrictEqual(reasons([failed.result]), ["disconnected"])
      const subscription = yield* client.subscribe([client.key("c")], () => {})
      yield* server.start
      yield* until(client.connected)
      yield* until(subscription.connected)
      assert.match(log[0] ?? "", /^Warn .*ECONNREFUSED/)
      assert.deepStrictEqual(log.slice(1), ["Info Redis answers again"])
    })
  )

  it.live("F18 has a deadline, a bound and a circuit when it accepts and never answers", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make()
      yield* server.start
      const { client } = yield* clientOf(Redacted.value(server.url))
      yield* server.freeze
      const many = yield* milliseconds(
        Effect.all(
          Array.from({ length: 1_000 }, () => ping(client)),
          { concurrency: "unbounded" }
        )
      )
      assert.isBelow(many.took, 5_000)
      const outcomes = reasons(many.result)
      assert.isAtMost(outcomes.filter((reason) => reason === "timeout").length, 512)
      assert.isAtLeast(outcomes.filter((reason) => reason === "overloaded").length, 400)
      const after = yield* milliseconds(ping(client))
      assert.deepStrictEqual(reasons([after.result]), ["circuit-open"])
      assert.isBelow(after.took, 1_000)
      yield* until(Effect.map(client.connected, (yes) => !yes))
      yield* server.thaw
      yield* until(client.connected)
      assert.deepStrictEqual(reasons([yield* ping(client)]), ["answered"])
    })
  )

  it.live("F17 hears again what is published after it was killed and came back empty", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make()
      yield* server.start
      const { client } = yield* clientOf(Redacted.value(server.url))
      let heard = 0
      const channel = client.key("c")
      const subscription = yield* client.subscribe([channel], () => {
        heard += 1
      })
      yield* until(subscription.connected)
      yield* server.restart
      yield* until(Effect.map(subscription.connected, (yes) => !yes))
      yield* until(subscription.connected)
      const again = Effect.andThen(
        Effect.ignore(client.publish(channel, Uint8Array.of(1))),
        Effect.sync(() => heard > 0)
      )
      yield* until(again)
    })
  )

  it.live("F18 notices that a subscription has gone deaf, and makes it anew", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make()
      yield* server.start
      const proxy = yield* TcpProxy.make({ port: server.port })
      const { client } = yield* clientOf(`redis://127.0.0.1:${proxy.port}`)
      const { client: other } = yield* clientOf(Redacted.value(server.url))
      let heard = 0
      const channel = client.key("c")
      const subscription = yield* client.subscribe([channel], () => {
        heard += 1
      })
      yield* until(subscription.connected)
      // The lines that are there now stay silent for ever; new ones work.
      yield* Effect.andThen(proxy.blackhole, proxy.forget)
      const again = Effect.andThen(
        Effect.ignore(other.publish(channel, Uint8Array.of(1))),
        Effect.sync(() => heard > 0)
      )
      const { took } = yield* milliseconds(until(again))
      assert.isBelow(took, 6_000)
    })
  )

  it.live("never shows a password, however wrong it is", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make({ password: "right" })
      yield* server.start
      const { client, log } = yield* clientOf(`redis://:hunter2@127.0.0.1:${server.port}`)
      const failed = yield* Effect.exit(client.command("ping"))
      assert.isTrue(Exit.isFailure(failed))
      assert.match(log.join(), /WRONGPASS/)
      assert.notInclude(log.join() + JSON.stringify(failed), "hunter2")
      const { client: known } = yield* clientOf(Redacted.value(server.url))
      yield* until(known.connected)
      assert.strictEqual(yield* known.command("ping"), "PONG")
    })
  )
})

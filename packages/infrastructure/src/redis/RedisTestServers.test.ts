import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Cluster, Redis } from "ioredis"
import * as RedisCluster from "../../../../test/servers/RedisCluster.ts"
import { redisPrograms } from "../../../../test/servers/RedisPrograms.ts"
import * as RedisServer from "../../../../test/servers/RedisServer.ts"

const single = (url: Redacted.Redacted) =>
  Effect.acquireRelease(
    Effect.sync(() => new Redis(Redacted.value(url), { maxRetriesPerRequest: 1 }).on("error", () => {})),
    (redis) => Effect.sync(() => redis.disconnect())
  )

describe.skipIf(redisPrograms === undefined)("servers for tests", { concurrent: true }, () => {
  it.live("one that is killed and started again is empty, on the same port, with its password", () =>
    Effect.gen(function* () {
      const server = yield* RedisServer.make({ password: "secret" })
      yield* server.start
      const first = yield* single(server.url)
      assert.strictEqual(yield* Effect.promise(() => first.set("key", "value")), "OK")
      yield* server.restart
      const second = yield* single(server.url)
      assert.isNull(yield* Effect.promise(() => second.get("key")))
      const stranger = yield* single(Redacted.make(`redis://127.0.0.1:${server.port}`))
      const refused = yield* Effect.flip(Effect.tryPromise(() => stranger.get("key")))
      assert.include(String(refused.cause), "NOAUTH")
    })
  )

  it.live("a cluster takes commands for every slot", () =>
    Effect.gen(function* () {
      const cluster = yield* RedisCluster.make
      const keys = Array.from({ length: 30 }, (_, i) => `key ${i}`)
      const nodes = cluster.ports.map((port) => ({ host: "127.0.0.1", port }))
      const redis = yield* Effect.acquireRelease(
        Effect.sync(() => new Cluster(nodes)),
        (client) => Effect.sync(() => client.disconnect())
      )
      for (const key of keys) yield* Effect.promise(() => redis.set(key, key))
      for (const key of keys) assert.strictEqual(yield* Effect.promise(() => redis.get(key)), key)
    })
  )
})

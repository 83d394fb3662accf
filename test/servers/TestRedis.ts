import { Effect, Redacted } from "effect"
import * as RedisCluster from "./RedisCluster.ts"
import { givenRedis, redisPrograms } from "./RedisPrograms.ts"
import * as RedisServer from "./RedisServer.ts"

export type RedisKind = "single" | "cluster"
export const redisKinds: ReadonlyArray<RedisKind> = ["single", "cluster"]

/** For `describe.skipIf`; the reason has been printed. */
export const redisIsMissing = (kind: RedisKind) =>
  redisPrograms === undefined && (kind === "cluster" || givenRedis === undefined)

/**
 * A Redis that answers, for what shares it with others and kills nothing: TEST_REDIS_URL for a single one if it is set,
 * else servers of our own, which go with the scope.
 */
export const start = Effect.fn("TestRedis.start")(function* (kind: RedisKind) {
  if (kind === "cluster") return (yield* RedisCluster.make).url
  if (givenRedis !== undefined) return Redacted.make(givenRedis)
  const server = yield* RedisServer.make()
  yield* server.start
  return server.url
})

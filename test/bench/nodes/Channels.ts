import { Effect, Redacted } from "effect"
import { Redis } from "ioredis"

const memoryOf = (redis: Redis) =>
  Effect.map(
    Effect.promise(() => redis.info("memory")),
    (info) => Number(/^used_memory:(\d+)/m.exec(info)?.[1])
  )

const open = (url: Redacted.Redacted) =>
  Effect.acquireRelease(
    Effect.sync(() => new Redis(Redacted.value(url))),
    (redis) => Effect.sync(() => redis.disconnect())
  )

export interface ChannelCost {
  readonly channels: number
  /** Until a node hears all of them, as after each reconnect. */
  readonly millis: number
  /** What they take in Redis. */
  readonly kilobytes: number
}

/** What it costs that a node subscribes to so many sharded channels on one connection. */
export const subscribing = Effect.fnUntraced(function* (url: Redacted.Redacted, channels: number) {
  const onlooker = yield* open(url)
  const node = yield* open(url)
  yield* Effect.promise(() => node.ping())
  const before = yield* memoryOf(onlooker)
  const begun = performance.now()
  yield* Effect.promise(() =>
    Promise.all(Array.from({ length: channels }, (_, i) => node.ssubscribe(`indelible:bench:channel:${i}`)))
  )
  const millis = performance.now() - begun
  const kilobytes = ((yield* memoryOf(onlooker)) - before) / 1_024
  return { channels, millis, kilobytes } satisfies ChannelCost
}, Effect.scoped)

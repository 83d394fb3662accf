import { Context, type Effect, type Scope } from "effect"
import type { RedisScript } from "./RedisScript.ts"
import type { OnMessage, Subscription } from "./RedisSubscription.ts"
import type { RedisUnavailable } from "./RedisUnavailable.ts"

export type Argument = string | number | Uint8Array

/**
 * The Redis that nodes share, for what may be lost: nothing durable is only there.
 *
 * - **It may be away.** Every call ends within 300 ms, at most 512 are on their way, and nothing waits for a connection
 *   to come. After 5 failures in a row calls fail at once (`circuit-open`), until Redis answers a probe, which is sent
 *   about once a second. Building this succeeds without Redis, after at most a second.
 * - **At most once.** What failed is not sent again; `timeout` and `disconnected` leave open whether it was done.
 * - **It may be empty at any moment**, after a restart or FLUSHALL. So give keys an expiry, and let scripts begin from
 *   nothing.
 * - **Several installations may share one Redis**, not copies of one: begin every key and channel with `key`.
 */
export class RedisClient extends Context.Service<
  RedisClient,
  {
    /**
     * The name of something of this installation: `key("limit", "{ada}", "messages")`. What one command or script
     * touches together must have the same text between `{` and `}`, or a cluster refuses it.
     */
    readonly key: (...parts: readonly [string, ...ReadonlyArray<string>]) => string
    /** Any command that neither blocks nor subscribes. Answers text, numbers, nulls and arrays of them. */
    readonly command: (
      name: string,
      ...args: ReadonlyArray<Argument>
    ) => Effect.Effect<unknown, RedisUnavailable>
    /** Runs a script, by its name if Redis knows it. All keys it touches must be in `keys`. */
    readonly evaluate: (
      script: RedisScript,
      keys: ReadonlyArray<string>,
      args: ReadonlyArray<Argument>
    ) => Effect.Effect<unknown, RedisUnavailable>
    /** Sharded, to whoever is subscribed now. An empty payload is not handed to anybody. */
    readonly publish: (channel: string, payload: Uint8Array) => Effect.Effect<void, RedisUnavailable>
    /**
     * Hears a channel, on a connection of its own, as long as the scope lives; what is published while that connection
     * is away is lost. A connection on which nothing arrives any more is noticed within 4 s and made anew. `onMessage`
     * must not throw.
     */
    readonly subscribe: (
      channels: ReadonlyArray<string>,
      onMessage: OnMessage
    ) => Effect.Effect<Subscription, never, Scope.Scope>
    /** Whether the last probe, about a second ago, was answered in time, by every member of a cluster. */
    readonly connected: Effect.Effect<boolean>
  }
>()("@indelible/infrastructure/redis/RedisClient") {}

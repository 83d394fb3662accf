import { Clock, Effect, Random, type Scope } from "effect"
import { refusalOf } from "./RedisCalls.ts"
import type { RedisConnection } from "./RedisConnection.ts"
import type { RedisUnavailable } from "./RedisUnavailable.ts"

/** Called for every message, in the order of its channel. Must not throw. */
export type OnMessage = (channel: string, payload: Uint8Array) => void

export interface Subscription {
  /** Whether all channels are heard, as far as is known: one that is not is noticed within 3 s. */
  readonly connected: Effect.Effect<boolean>
}

interface Listening {
  /** A new connection, which goes with the scope. */
  readonly connect: Effect.Effect<RedisConnection, never, Scope.Scope>
  readonly publish: (channel: string, payload: Uint8Array) => Effect.Effect<unknown, RedisUnavailable>
  readonly channels: ReadonlyArray<string>
  readonly onMessage: OnMessage
}

// Milliseconds.
const establishWithin = 2_000
const beatEvery = 1_000
const doubtAfter = 500
const deafAfter = 1_000
const beginAgainWithin = 1_000
const silence = new Uint8Array(0)

const pause = (least: number, most: number) => Effect.flatMap(Random.nextBetween(least, most), Effect.sleep)

const ready = (connection: RedisConnection) =>
  Effect.callback<void>((resume) => {
    if (connection.status === "ready") resume(Effect.void)
    connection.once("ready", () => resume(Effect.void))
  })

const broken = (connection: RedisConnection) =>
  Effect.callback<void>((resume) => {
    if (connection.status === "end") resume(Effect.void)
    connection.once("end", () => resume(Effect.void))
  })

/**
 * Hears channels for as long as the scope lives, over one connection after the other. TCP tells of a dead line after
 * minutes, and a cluster may give a channel to another member without a word. So an empty message goes out on each
 * channel on which nothing came for a second, from whichever node is first; who does not hear it begins anew.
 */
export const subscribing = Effect.fnUntraced(function* ({
  channels,
  connect,
  onMessage,
  publish
}: Listening) {
  const clock = yield* Clock.Clock
  const now = () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
  const heard = new Map<string, number>()
  /** Channels on which something must have come since then. */
  const owing = new Map<string, number>()
  const owesSince = (channel: string, since: number) => {
    if ((heard.get(channel) ?? 0) < since && !owing.has(channel)) owing.set(channel, since)
  }
  const owesFor = (millis: number) => [...owing.values()].some((since) => now() - since > millis)
  let established = false
  let told = false

  const hear = (connection: RedisConnection) =>
    connection.on("smessageBuffer", (name: Buffer, payload: Buffer) => {
      const channel = name.toString()
      heard.set(channel, now())
      owing.delete(channel)
      if (payload.length > 0) onMessage(channel, payload)
    })

  /** A channel that cannot be had leaves the others as they are, until all begin anew. */
  const subscribe = (connection: RedisConnection) => (channel: string) =>
    Effect.tryPromise({ try: () => connection.ssubscribe(channel), catch: refusalOf }).pipe(
      Effect.catch(({ detail, reason }) => {
        owesSince(channel, now())
        if (reason !== "refused" || told) return Effect.void
        told = true
        return Effect.logWarning(`Redis does not let this node hear the others: ${detail}`)
      })
    )

  const beat = (channel: string) =>
    Effect.suspend(() => {
      const since = now()
      return publish(channel, silence).pipe(
        Effect.andThen(Effect.sync(() => owesSince(channel, since))),
        // Redis did not take it, so that nothing is heard tells nothing.
        Effect.ignore
      )
    })

  const untilDeaf = Effect.gen(function* () {
    do {
      yield* pause(beatEvery / 2, beatEvery)
      const quiet = channels.filter((channel) => now() - (heard.get(channel) ?? 0) >= beatEvery)
      yield* Effect.forEach(quiet, beat, { concurrency: "unbounded", discard: true })
    } while (!owesFor(deafAfter))
  })

  const establish = (connection: RedisConnection) =>
    ready(connection).pipe(
      Effect.andThen(
        Effect.forEach(channels, subscribe(connection), { concurrency: "unbounded", discard: true })
      ),
      Effect.timeout(establishWithin),
      Effect.andThen(
        Effect.sync(() => {
          established = true
        })
      )
    )

  const once = Effect.gen(function* () {
    const connection = yield* connect
    owing.clear()
    hear(connection)
    yield* Effect.raceFirst(broken(connection), Effect.andThen(establish(connection), untilDeaf))
  }).pipe(
    Effect.scoped,
    Effect.ensuring(
      Effect.sync(() => {
        established = false
      })
    )
  )

  yield* Effect.ignore(once).pipe(
    Effect.andThen(pause(0, beginAgainWithin)),
    Effect.forever,
    Effect.forkScoped
  )
  return { connected: Effect.sync(() => established && !owesFor(doubtAfter)) } satisfies Subscription
})

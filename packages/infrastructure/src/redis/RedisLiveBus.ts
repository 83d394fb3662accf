import { LiveBus } from "@indelible/application/live/LiveBus"
import type { LiveMessage } from "@indelible/application/live/LiveMessage"
import { Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { InstallationKey } from "../keys/InstallationKey.ts"
import { liveBusMeasures } from "./LiveBusMeasures.ts"
import { liveEnvelope, senderBytes } from "./LiveEnvelope.ts"
import { decode, encode } from "./LiveMessageCodec.ts"
import { makeOutbox, Room } from "./Outbox.ts"
import { RedisClient } from "./RedisClient.ts"

/** Each node hears all of them; that there are several spreads them over the members of a cluster. */
const channelCount = 16
const mostWaiting = 4 * 1024 * 1024

const make = Effect.gen(function* () {
  const redis = yield* RedisClient
  const installation = yield* InstallationKey
  const random = yield* SecureRandom
  const measures = yield* liveBusMeasures
  const log = Effect.runForkWith(yield* Effect.context<never>())
  const sender = yield* random.randomBytes(senderBytes)
  const { open, seal } = liveEnvelope(installation.mac("live-bus-key", ""), sender)
  const channels = Array.from({ length: channelCount }, (_, i) => redis.key("live", String(i)))
  const listeners = new Set<(message: LiveMessage) => void>()

  const handOver = (message: LiveMessage) => {
    for (const onMessage of listeners) {
      try {
        onMessage(message)
      } catch (defect) {
        log(Effect.logError("a message of another node was not taken", defect))
      }
    }
  }

  const receive = (payload: Buffer) => {
    if (listeners.size === 0) return
    const opened = open(payload)
    if (opened._tag === "Ours") return
    if (opened._tag === "Dropped") {
      measures.dropped(opened.reason === "forged" ? "forged" : "unknown", 1)
      return
    }
    const { messages, unknown } = decode(opened.content)
    measures.received(messages.length)
    if (unknown > 0) measures.dropped("unknown", unknown)
    for (const message of messages) handOver(message)
  }

  const subscription = yield* redis.subscribe(channels, (_, payload) => {
    try {
      receive(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength))
    } catch {
      measures.dropped("unreadable", 1)
    }
  })

  const room = new Room(mostWaiting)
  const outboxes = yield* Effect.forEach(channels, (channel) =>
    makeOutbox(room, (frames) =>
      Effect.match(redis.publish(channel, seal(frames)), {
        onSuccess: () => measures.sent(frames.length),
        onFailure: () => measures.dropped("unsent", frames.length)
      })
    )
  )

  return LiveBus.of({
    publish: (message) =>
      Effect.sync(() => {
        const { frame, lane } = encode(message)
        if (outboxes[lane % channelCount]?.put(frame) !== true) measures.dropped("full", 1)
      }),
    subscribe: (onMessage) =>
      Effect.asVoid(
        Effect.acquireRelease(
          Effect.sync(() => listeners.add(onMessage)),
          () => Effect.sync(() => listeners.delete(onMessage))
        )
      ),
    connected: Effect.all([redis.connected, subscription.connected]).pipe(
      Effect.map((parts) => parts.every((yes) => yes))
    )
  })
})

/** Nodes that share a Redis, by sharded publish and subscribe. */
export const layer = Layer.effect(LiveBus, make)

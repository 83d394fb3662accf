import { LiveBus } from "@indelible/application/live/LiveBus"
import { Presence } from "@indelible/application/live/Presence"
import * as InstallationKey from "@indelible/infrastructure/keys/InstallationKey"
import { PresenceSettings } from "@indelible/infrastructure/presence/PresenceSettings"
import * as IoRedis from "@indelible/infrastructure/redis/IoRedis"
import * as RedisAddress from "@indelible/infrastructure/redis/RedisAddress"
import { RedisClient } from "@indelible/infrastructure/redis/RedisClient"
import * as RedisLiveBus from "@indelible/infrastructure/redis/RedisLiveBus"
import * as RedisPresence from "@indelible/infrastructure/redis/RedisPresence"
import { RedisUnavailable } from "@indelible/infrastructure/redis/RedisUnavailable"
import { Context, Effect, Layer, Redacted, Result } from "effect"
import { SecureRandom } from "effect/crypto"

/** What a test does to one node's way to Redis. */
export interface Wire {
  /** Nothing gets through. */
  cut: boolean
  /** Nothing that other nodes say is heard. */
  deaf: boolean
  /** Commands so far, without what is published. */
  commands: number
}

const unreachable = Effect.fail(
  new RedisUnavailable({ reason: "disconnected", detail: "cut off by the test" })
)

const counted = <A>(wire: Wire, call: Effect.Effect<A, RedisUnavailable>) =>
  Effect.suspend(() => {
    wire.commands += 1
    return wire.cut ? unreachable : call
  })

/** Commands of a node whose wire is cut do not arrive, and it hears nothing. */
const over = (wire: Wire) =>
  Layer.effect(
    RedisClient,
    Effect.map(RedisClient, (client) =>
      RedisClient.of({
        ...client,
        command: (...args) => counted(wire, client.command(...args)),
        evaluate: (...args) => counted(wire, client.evaluate(...args)),
        publish: (...args) => Effect.suspend(() => (wire.cut ? unreachable : client.publish(...args))),
        subscribe: (channels, onMessage) =>
          client.subscribe(channels, (...message) => {
            if (!wire.cut && !wire.deaf) onMessage(...message)
          }),
        connected: Effect.map(client.connected, (yes) => yes && !wire.cut)
      })
    )
  )

/** One more node of an installation. */
export const join = Effect.fnUntraced(function* (
  url: Redacted.Redacted,
  settings: Partial<PresenceSettings> = {}
) {
  const address = Result.getOrThrowWith(RedisAddress.parse(Redacted.value(url)), Error)
  const wire: Wire = { cut: false, deaf: false, commands: 0 }
  const context = yield* Layer.build(
    Layer.fresh(
      RedisPresence.layer.pipe(
        Layer.provideMerge(RedisLiveBus.layer),
        Layer.provideMerge(over(wire).pipe(Layer.provide(IoRedis.layer(address, "test")))),
        Layer.provide(
          Layer.succeed(
            InstallationKey.InstallationKey,
            InstallationKey.make(Redacted.make(new Uint8Array(32).fill(1)))
          )
        ),
        Layer.provide(SecureRandom.layerWebCrypto),
        Layer.provide(
          Layer.effect(
            PresenceSettings,
            Effect.map(PresenceSettings, (usual) => ({ ...usual, ...settings }))
          )
        )
      )
    )
  )
  return {
    wire,
    presence: Context.get(context, Presence),
    bus: Context.get(context, LiveBus),
    redis: Context.get(context, RedisClient)
  }
})

export type Node = Effect.Success<ReturnType<typeof join>>

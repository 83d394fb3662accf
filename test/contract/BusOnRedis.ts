import { LiveBus } from "@indelible/application/live/LiveBus"
import * as InstallationKey from "@indelible/infrastructure/keys/InstallationKey"
import * as IoRedis from "@indelible/infrastructure/redis/IoRedis"
import * as RedisAddress from "@indelible/infrastructure/redis/RedisAddress"
import { RedisClient } from "@indelible/infrastructure/redis/RedisClient"
import * as RedisLiveBus from "@indelible/infrastructure/redis/RedisLiveBus"
import { Context, Effect, Layer, Redacted, Result } from "effect"
import { SecureRandom } from "effect/crypto"

/** One more node on the bus of an installation, and the client below it. */
export const join = Effect.fnUntraced(function* (url: Redacted.Redacted, installation = 1) {
  const address = Result.getOrThrowWith(RedisAddress.parse(Redacted.value(url)), Error)
  const key = InstallationKey.make(Redacted.make(new Uint8Array(32).fill(installation)))
  const context = yield* Layer.build(
    Layer.fresh(
      RedisLiveBus.layer.pipe(
        Layer.provideMerge(IoRedis.layer(address, "test")),
        Layer.provide(Layer.succeed(InstallationKey.InstallationKey, key)),
        Layer.provide(SecureRandom.layerWebCrypto)
      )
    )
  )
  return { bus: Context.get(context, LiveBus), redis: Context.get(context, RedisClient) }
})

import { Effect, Layer } from "effect"
import { InstallationKey } from "../keys/InstallationKey.ts"
import type { RedisAddress } from "./RedisAddress.ts"
import { makeRedisCall, withoutValues } from "./RedisCalls.ts"
import { type Argument, RedisClient } from "./RedisClient.ts"
import { commanding, listening, type RedisConnection } from "./RedisConnection.ts"
import type { RedisScript } from "./RedisScript.ts"
import { subscribing } from "./RedisSubscription.ts"
import { watching } from "./RedisWatch.ts"

const asBytes = ({ buffer, byteLength, byteOffset }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength)
const asArgument = (argument: Argument) => (argument instanceof Uint8Array ? asBytes(argument) : argument)

const evaluateOn = async (
  connection: RedisConnection,
  { lua, sha1 }: RedisScript,
  args: ReadonlyArray<string | number | Buffer>
) => {
  try {
    return await connection.call("evalsha", sha1, ...args)
  } catch (error) {
    // It was restarted, or is another member.
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error
    return await connection.call("eval", lua, ...args)
  }
}

const make = Effect.fnUntraced(function* (address: RedisAddress, node: string) {
  const installation = yield* InstallationKey
  // No two installations share it, and nobody finds the key by it.
  const prefix = `indelible:${Buffer.from(installation.mac("redis-prefix", "")).toString("hex", 0, 8)}`
  let complaint = "there is no connection"
  const complain = (message: string) => {
    complaint = withoutValues(message)
  }
  const connection = yield* commanding(address, node, complain)
  const call = yield* makeRedisCall
  const connected = yield* watching(connection, call, () => complaint)

  const publish = (channel: string, payload: Uint8Array) =>
    Effect.asVoid(call(() => connection.spublish(channel, asBytes(payload))))

  return RedisClient.of({
    key: (...parts) => [prefix, ...parts].join(":"),
    command: (name, ...args) => call(() => connection.call(name, ...args.map(asArgument))),
    evaluate: (script, keys, args) =>
      call(() => evaluateOn(connection, script, [keys.length, ...keys, ...args.map(asArgument)])),
    publish,
    subscribe: (channels, onMessage) =>
      subscribing({ connect: listening(address, node, complain), publish, channels, onMessage }),
    connected
  })
})

/**
 * The Redis at an address, by way of ioredis.
 *
 * @param node this node's name, under which Redis lists its connections
 */
export const layer = (address: RedisAddress, node: string) => Layer.effect(RedisClient, make(address, node))

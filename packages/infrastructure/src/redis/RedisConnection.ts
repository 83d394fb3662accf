import { Effect, Random, Redacted } from "effect"
import { Cluster, Redis } from "ioredis"
import type { RedisAddress } from "./RedisAddress.ts"

/** One server, or a cluster: both take the same commands. */
export type RedisConnection = Redis | Cluster

// Milliseconds.
const connectWithin = 1_000
/** A connection on which something was asked and nothing came for so long is dead, whatever TCP says. */
const answerWithin = 1_000
const [firstRetry, lastRetry] = [100, 2_000]
const refreshSlotsEvery = 2_000

const retries = Effect.map(Random.Random, (random) => (times: number) => {
  const delay = Math.min(firstRetry * 2 ** Math.min(times, 10), lastRetry)
  return delay / 2 + (random.nextDoubleUnsafe() * delay) / 2
})

const member = ({ database, password, tls, username }: RedisAddress, name: string) => ({
  db: database,
  username,
  password: password && Redacted.value(password),
  ...(tls && { tls: {} }),
  connectionName: name,
  connectTimeout: connectWithin,
  socketTimeout: answerWithin,
  // Whoever asked has given up long before: nothing is kept for a connection to come, and nothing is sent again.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  autoResubscribe: false,
  // After a fail-over the address may lead to another server.
  reconnectOnError: ({ message }: Error) => message.startsWith("READONLY")
})

const clusterOf = (
  address: RedisAddress,
  name: string,
  retry: ((times: number) => number) | null,
  sharded: boolean
) => {
  const { enableOfflineQueue, ...redisOptions } = member(address, name)
  return new Cluster([...address.hosts], {
    redisOptions,
    shardedSubscribers: sharded,
    enableOfflineQueue,
    clusterRetryStrategy: retry,
    clusterNodeRetryStrategy: retry,
    slotsRefreshInterval: refreshSlotsEvery,
    slotsRefreshTimeout: connectWithin,
    // A command whose connection breaks may have been done: it is not for us to do it again.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    retryDelayOnTryAgain: 0,
    // Certificates are for names, which must not be resolved before they are checked.
    ...(address.tls && {
      dnsLookup: (host: string, found: (error: null, host: string) => void) => found(null, host)
    })
  })
}

const closed = (make: Effect.Effect<RedisConnection>) =>
  Effect.acquireRelease(make, (connection) => Effect.sync(() => connection.disconnect()))

/**
 * A connection for commands, which comes back by itself.
 *
 * @param name under which Redis lists it
 * @param said gets what goes wrong with it, in words without values
 */
export const commanding = (address: RedisAddress, name: string, said: (message: string) => void) =>
  closed(
    Effect.map(retries, (retry) => {
      const [{ host, port }, ...others] = address.hosts
      const connection: RedisConnection =
        others.length > 0
          ? clusterOf(address, name, retry, false)
          : new Redis({ host, port, ...member(address, name), retryStrategy: retry })
      for (const event of ["error", "node error"]) {
        connection.on(event, (error: Error) => said(error.message))
      }
      return connection
    })
  )

/** A connection for subscriptions; of a cluster, one to each member that has channels. Once broken it stays so. */
export const listening = (address: RedisAddress, name: string, said: (message: string) => void) =>
  closed(
    Effect.sync(() => {
      const [{ host, port }, ...others] = address.hosts
      const connection: RedisConnection =
        others.length > 0
          ? clusterOf(address, name, null, true)
          : new Redis({ host, port, ...member(address, name), retryStrategy: null })
      for (const event of ["error", "node error", "nodeError"]) {
        connection.on(event, (error: Error) => said(error.message))
      }
      return connection
    })
  )

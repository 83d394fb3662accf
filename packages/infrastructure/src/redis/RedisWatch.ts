import { Effect, Random } from "effect"
import { Cluster } from "ioredis"
import type { RedisCall } from "./RedisCalls.ts"
import type { RedisConnection } from "./RedisConnection.ts"
import { redisMeasures } from "./RedisMeasures.ts"

// Milliseconds.
const startWithin = 1_000
const probeEvery = 1_000

/** Fails unless whoever holds keys of ours takes commands now. */
const probe = async (connection: RedisConnection): Promise<void> => {
  if (!(connection instanceof Cluster)) {
    await connection.ping()
    return
  }
  const members = connection.nodes("master")
  if (connection.status !== "ready" || members.length === 0) throw new Error("the cluster is not reached")
  // A member answers PING also while the cluster takes no commands.
  const states = await Promise.all(members.map((member) => member.cluster("INFO")))
  if (states.some((state) => !state.includes("cluster_state:ok"))) throw new Error("the cluster is down")
}

const settled = (connection: RedisConnection) =>
  Effect.callback<void>((resume) => {
    for (const event of ["ready", "error"]) connection.once(event, () => resume(Effect.void))
  })

/**
 * Looks about once a second whether Redis answers, and tells the log when that changes. Its probes go the way of all
 * calls, so they are also what closes the circuit again.
 *
 * @param said what the connection complained about last
 * @returns whether it answered; known when this ends, after a second at most
 */
export const watching = Effect.fnUntraced(function* (
  connection: RedisConnection,
  call: RedisCall,
  said: () => string
) {
  const measures = yield* redisMeasures
  let answering = true

  const look = Effect.gen(function* () {
    const trouble = yield* Effect.match(
      call(() => probe(connection)),
      {
        onSuccess: () => undefined,
        onFailure: ({ detail, reason }) =>
          reason === "disconnected" ? said() : reason === "refused" ? detail : "it does not answer in time"
      }
    )
    measures.connected(trouble === undefined)
    if ((trouble === undefined) === answering) return
    answering = trouble === undefined
    yield* trouble === undefined
      ? Effect.logInfo("Redis answers again")
      : Effect.logWarning(`Redis is away, and this node goes on without it: ${trouble}`)
  })

  yield* Effect.timeoutOption(settled(connection), startWithin)
  yield* look
  yield* Random.nextBetween(probeEvery / 2, probeEvery).pipe(
    Effect.flatMap(Effect.sleep),
    Effect.andThen(look),
    Effect.forever,
    Effect.forkScoped
  )
  return Effect.sync(() => answering)
})

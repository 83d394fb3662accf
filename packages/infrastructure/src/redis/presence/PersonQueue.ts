import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Deferred, Effect, Latch, Schedule } from "effect"
import { RedisClient } from "../RedisClient.ts"
import type { RedisUnavailable } from "../RedisUnavailable.ts"

const batchSize = 256
/** Of a batch, as much at once: other parts of the node ask Redis as well. */
const atOnce = 64
const retryEvery = "1 second"
/** Beyond it those are forgotten who wait longest: Redis was away for very long. */
const capacity = 100_000

/** Those who wait for the outcome; undefined: Redis did not get to it. */
type Asking<A> = Array<Deferred.Deferred<A | undefined>>

/** The oldest of a map, taken out. */
const takeSome = <K, V>(map: Map<K, V>, most: number): ReadonlyArray<readonly [K, V]> => {
  const taken: Array<readonly [K, V]> = []
  for (const entry of map) {
    if (taken.length >= most) break
    map.delete(entry[0])
    taken.push(entry)
  }
  return taken
}

/**
 * Does something about people with Redis, a batch after the other, each person at most once in a batch and never twice at
 * the same time. Whoever it failed for is tried again: some every second, and all when Redis is there again. Nobody waits
 * for that.
 */
export const makePersonQueue = Effect.fnUntraced(function* <A>(
  work: (subject: SubjectId) => Effect.Effect<A, RedisUnavailable>
) {
  const { connected } = yield* RedisClient
  const waiting = new Map<SubjectId, Asking<A>>()
  const failed = new Map<SubjectId, true>()
  const something = Latch.makeUnsafe(false)

  const enter = (subject: SubjectId): Asking<A> => {
    const asking = waiting.get(subject) ?? []
    waiting.set(subject, asking)
    failed.delete(subject)
    something.openUnsafe()
    return asking
  }

  const one = ([subject, asking]: readonly [SubjectId, Asking<A>]) =>
    work(subject).pipe(
      Effect.tapError(() =>
        Effect.sync(() => {
          if (!waiting.has(subject)) failed.set(subject, true)
          takeSome(failed, failed.size - capacity)
        })
      ),
      Effect.catchTag("RedisUnavailable", () => Effect.undefined),
      // Once more would end the same way, and all others need this loop.
      Effect.catchDefect((defect) =>
        Effect.as(Effect.logError("somebody's presence could not be worked on", defect), undefined)
      ),
      Effect.flatMap((found) =>
        Effect.sync(() => {
          for (const deferred of asking) Deferred.doneUnsafe(deferred, Effect.succeed(found))
        })
      )
    )

  const round = Effect.gen(function* () {
    yield* something.await
    const batch = takeSome(waiting, batchSize)
    if (waiting.size === 0) yield* something.close
    yield* Effect.forEach(batch, one, { concurrency: atOnce, discard: true })
  })
  const retry = Effect.map(connected, (yes) => {
    for (const [subject] of takeSome(failed, yes ? failed.size : batchSize)) enter(subject)
  })
  yield* Effect.forkScoped(Effect.forever(round))
  yield* Effect.forkScoped(Effect.repeat(retry, Schedule.spaced(retryEvery)))

  return {
    /** How many are not done. */
    size: () => waiting.size + failed.size,
    add: (subject: SubjectId): void => {
      enter(subject)
    },
    /** The same, and waits until it was tried once: undefined when that failed. */
    ask: (subject: SubjectId) =>
      Effect.suspend(() => {
        const answer = Deferred.makeUnsafe<A | undefined>()
        enter(subject).push(answer)
        return Deferred.await(answer)
      })
  }
})

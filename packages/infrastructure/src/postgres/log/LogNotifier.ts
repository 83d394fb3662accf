import { PgClient } from "@effect/sql-pg"
import { giveUpAfter } from "@indelible/application/store/GiveUpAfter"
import { Effect, Latch } from "effect"
import { sliceCount } from "../../envelope/SliceOf.ts"

/** The channel on which nodes tell each other in which slices the log has grown. Readers read the log itself. */
export const logChannel = "indelible_log"

const payloadOf = (slices: Iterable<number>) => [...slices].join(" ")

/** @returns null for what is no list of slices, such as the empty hints of an older program: it may be any of them */
export const grownSlices = (payload: string): ReadonlyArray<number> | null => {
  if (!/^\d+( \d+)*$/.test(payload)) return null
  const slices = payload.split(" ").map(Number)
  return slices.every((slice) => slice < sliceCount) ? slices : null
}

/**
 * Wakes the readers of all nodes after a commit, in a statement of its own: NOTIFY inside the appending transaction
 * would take a lock over the whole cluster. At most one every 20 ms a node, each of which costs every node a look; a lost
 * one costs readers what `LogWakeUp` says.
 *
 * @returns what is to be called after events of a slice became durable
 */
export const make = Effect.gen(function* () {
  const sql = yield* PgClient.PgClient
  const grown = new Set<number>()
  const some = Latch.makeUnsafe(false)
  const notify = Effect.gen(function* () {
    yield* some.await
    some.closeUnsafe()
    const payload = payloadOf(grown)
    grown.clear()
    // Given up on a connection that died in silence: else nobody would be woken again for many minutes.
    yield* Effect.catch(
      giveUpAfter(sql.notify(logChannel, payload), 2_000, () => "no answer in time"),
      (error) => Effect.logDebug("readers were not woken; they poll", error)
    )
    yield* Effect.sleep("20 millis")
  })
  yield* Effect.forkScoped(Effect.forever(notify))
  return (slice: number) => {
    grown.add(slice)
    some.openUnsafe()
  }
})

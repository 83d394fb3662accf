import { PgClient } from "@effect/sql-pg"
import { giveUpAfter } from "@indelible/application/store/GiveUpAfter"
import { Effect, Latch } from "effect"

/** The channel on which nodes tell each other that the log has grown. The payload is empty: readers read the log. */
export const logChannel = "indelible_log"

/**
 * Wakes the readers of all nodes after a commit, in a statement of its own: NOTIFY inside the appending transaction
 * would take a lock over the whole cluster. At most one every 5 ms a node; a lost one costs readers a slow poll.
 */
export const make = Effect.gen(function* () {
  const sql = yield* PgClient.PgClient
  const grown = Latch.makeUnsafe(false)
  const notify = Effect.gen(function* () {
    yield* grown.await
    grown.closeUnsafe()
    // Given up on a connection that died in silence: else nobody would be woken again for many minutes.
    yield* Effect.catch(
      giveUpAfter(sql.notify(logChannel, ""), 2_000, () => "no answer in time"),
      (error) => Effect.logDebug("readers were not woken; they poll", error)
    )
    yield* Effect.sleep("5 millis")
  })
  yield* Effect.forkScoped(Effect.forever(notify))
  return () => grown.openUnsafe()
})

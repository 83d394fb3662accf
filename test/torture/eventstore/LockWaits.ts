import type { PgConnection } from "@effect/sql-pg"
import { Effect } from "effect"

/** Waits until as many sessions of this database as said wait for a lock. */
export const untilWaiting = Effect.fn("LockWaits.untilWaiting")(function* (
  hand: PgConnection.PgConnection,
  sessions = 1
) {
  for (;;) {
    const { rows } = yield* hand.query(
      `SELECT count(DISTINCT l.pid)::int AS waiting
       FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE NOT l.granted AND a.datname = current_database()`
    )
    if (Number(rows[0]?.waiting) >= sessions) return
    yield* Effect.sleep("2 millis")
  }
}, Effect.orDie)

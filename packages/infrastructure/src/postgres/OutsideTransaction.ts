import { Context, Effect } from "effect"
import type { SqlClient } from "effect/sql"

/**
 * Runs statements of `sql` on a connection of their own even when the caller is in a transaction. For what must be
 * stored for good before it is used: in the caller's transaction it would vanish with a roll-back.
 */
export const outsideTransaction =
  (sql: SqlClient.SqlClient) =>
  <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.updateContext(effect, (context: Context.Context<never>) =>
      Context.omit(sql.transactionService)(context)
    )

import type { EventLog } from "@indelible/application/store/EventLog"
import type { EventOpener } from "@indelible/application/store/EventOpener"
import { Context, Effect } from "effect"
import { SqlClient } from "effect/sql"

/** What the engine works with. */
export type Surroundings = EventLog | EventOpener | SqlClient.SqlClient

/** Does something on another connection than that of the transaction which the caller is in. */
export const outsideTransaction =
  (sql: SqlClient.SqlClient) =>
  <A, E>(effect: Effect.Effect<A, E, Surroundings>): Effect.Effect<A, E, Surroundings> =>
    effect.pipe(
      // Its own transactions are ordinary ones, whatever the caller's is.
      Effect.provideService(SqlClient.BeginTransaction, "BEGIN ISOLATION LEVEL READ COMMITTED"),
      Effect.updateContext((context: Context.Context<Surroundings>) =>
        Context.omit(sql.transactionService)(context)
      )
    )

/** A transaction that may take its time: the limits of the pool are made for pages. */
export const unhurried = <A, E>(effect: Effect.Effect<A, E, Surroundings>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    sql.withTransaction(
      Effect.andThen(
        sql`
          SELECT
            set_config('statement_timeout', '0', true),
            set_config('idle_in_transaction_session_timeout', '10min', true)`,
        effect
      )
    )
  )

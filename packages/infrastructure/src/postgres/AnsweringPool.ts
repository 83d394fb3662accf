import { PgClient } from "@effect/sql-pg"
import { giveUpAfter } from "@indelible/application/store/GiveUpAfter"
import { Duration, Effect, type Scope } from "effect"
import type { Reactivity } from "effect/reactivity"
import { SqlClient, SqlError } from "effect/sql"

const noAnswer = () =>
  new SqlError.SqlError({
    reason: new SqlError.ConnectionError({
      cause: new Error("no answer in time"),
      message: "the database did not answer in time",
      operation: "execute"
    })
  })

const make = Effect.fnUntraced(function* (
  config: PgClient.PgPoolConfig,
  deadline: Duration.Input
): Effect.fn.Return<PgClient.PgClient, SqlError.SqlError, Scope.Scope | Reactivity.Reactivity> {
  const pool = yield* PgClient.make(config)
  const millis = Duration.toMillis(deadline)
  const answering = yield* SqlClient.make({
    acquirer: pool.reserve,
    // Waiting for a connection is counted as well: they may all be held by statements that nobody answers.
    borrower: (use) => giveUpAfter(Effect.scoped(Effect.flatMap(pool.reserve, use)), millis, noAnswer),
    driver: pool.driver,
    transactionService: pool.transactionService,
    compiler: PgClient.makeCompiler(config.transformQueryNames, config.transformJson),
    spanAttributes: Object.entries(config.spanAttributes ?? {})
  })
  const { json, listen, notify, withTransaction } = pool
  return Object.assign(answering, {
    [PgClient.TypeId]: PgClient.TypeId,
    config: pool.config,
    json,
    listen,
    notify,
    withTransaction
  })
})

/**
 * A pool of which every statement outside a transaction is answered within `deadline` (5 s), if only by a `SqlError`
 * that says that nobody can be reached. `statement_timeout` does not do that: over a connection that has died in silence
 * the server cannot tell, and TCP alone would take 15 minutes to find out.
 */
export const layer = (config: PgClient.PgPoolConfig, deadline: Duration.Input = "5 seconds") =>
  PgClient.layerFrom(make(config, deadline))

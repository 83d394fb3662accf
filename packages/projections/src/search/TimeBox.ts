import { giveUpAfter } from "@indelible/application/store/GiveUpAfter"
import { Context, Effect, Schema } from "effect"
import { type SqlClient, SqlError } from "effect/sql"
import { ReadModelUnavailable } from "../engine/ReadModelUnavailable.ts"

/** There is too much to look through: a longer or rarer word finds it sooner. */
export class SearchTooSlow extends Schema.TaggedError<SearchTooSlow>()("SearchTooSlow", {}) {
  override get message() {
    return "this search takes too long; try a longer or a rarer word"
  }
}

/** Longest time of a search in the database, in milliseconds. */
export const SearchTimeout = Context.Reference<number>("@indelible/projections/search/SearchTimeout", {
  defaultValue: () => 1_000
})

const noAnswer = () =>
  new SqlError.SqlError({
    reason: new SqlError.ConnectionError({
      cause: new Error("no answer in time"),
      message: "the database did not answer in time",
      operation: "execute"
    })
  })

/**
 * Runs a search, and ends it when it takes too long. In a transaction, whose settings are for it alone: planned for
 * the words and the person at hand, since what is right for a rare word is not for a frequent one; and with the costs of
 * an index that is in memory.
 */
export const timeBoxed = Effect.fn("TimeBox.timeBoxed")(function* <A, R>(
  sql: SqlClient.SqlClient,
  search: Effect.Effect<A, SqlError.SqlError | Schema.SchemaError, R>
) {
  const longest = yield* SearchTimeout
  const settings = sql`
    SELECT
      set_config('statement_timeout', ${`${longest}ms`}, true),
      set_config('plan_cache_mode', 'force_custom_plan', true),
      set_config('random_page_cost', '1.1', true),
      set_config('jit', 'off', true)`
  const transaction = sql.withTransaction(Effect.andThen(settings, search))
  // Statements of a transaction have no other limit, where the server is silent.
  return yield* giveUpAfter(transaction, longest + 2_000, noAnswer).pipe(
    Effect.catchTags({
      SqlError: (error): Effect.Effect<never, SearchTooSlow | ReadModelUnavailable> =>
        error.reason._tag === "StatementTimeoutError"
          ? Effect.fail(new SearchTooSlow())
          : Effect.fail(new ReadModelUnavailable({ cause: error })),
      SchemaError: Effect.die
    })
  )
})

import { giveUpAfter } from "@indelible/application/store/GiveUpAfter"
import { Context, Effect, Layer, Schema, Semaphore } from "effect"
import { SqlClient, SqlError } from "effect/sql"
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

/** Searches at once, so that slow ones leave most of the connections to whoever reads. */
const mostAtOnce = 4

/** Longest wait for a turn and for a server that is silent, in milliseconds. */
const patience = 2_000

const noAnswer = () =>
  new SqlError.SqlError({
    reason: new SqlError.ConnectionError({
      cause: new Error("no answer in time"),
      message: "the database did not answer in time",
      operation: "execute"
    })
  })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const turns = yield* Semaphore.make(mostAtOnce)

  return {
    /**
     * Runs a search, and ends it when it takes too long. In a transaction, whose settings are for it alone: planned for
     * the words and the person at hand, since what is right for a rare word is not for a frequent one; and with the
     * costs of an index that is in memory.
     */
    run: Effect.fn("Searching.run")(function* <A, R>(
      search: Effect.Effect<A, SqlError.SqlError | Schema.SchemaError, R>
    ) {
      const longest = yield* SearchTimeout
      const settings = sql`
        SELECT
          set_config('statement_timeout', ${`${longest}ms`}, true),
          set_config('plan_cache_mode', 'force_custom_plan', true),
          set_config('random_page_cost', '1.1', true),
          set_config('jit', 'off', true)`
      const transaction = turns.withPermit(sql.withTransaction(Effect.andThen(settings, search)))
      return yield* giveUpAfter(transaction, longest + patience, noAnswer).pipe(
        Effect.catchTags({
          SqlError: (error): Effect.Effect<never, SearchTooSlow | ReadModelUnavailable> =>
            error.reason._tag === "StatementTimeoutError"
              ? Effect.fail(new SearchTooSlow())
              : Effect.fail(new ReadModelUnavailable({ cause: error })),
          SchemaError: Effect.die
        })
      )
    })
  }
})

/** The way of all searches to the database. One a process. */
export class Searching extends Context.Service<Searching, Effect.Success<typeof make>>()(
  "@indelible/projections/search/Searching"
) {
  static readonly layer = Layer.effect(this, make)
}

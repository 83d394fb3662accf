import { Effect, Schema } from "effect"
import type { SqlError } from "effect/sql"

/** The database that holds the read models cannot be asked now. */
export class ReadModelUnavailable extends Schema.TaggedError<ReadModelUnavailable>()("ReadModelUnavailable", {
  cause: Schema.Defect()
}) {
  override get message() {
    return "the read models are unavailable; try again later"
  }
}

/** Outages in the queries' own terms. A row that does not decode is a bug. */
export const readingTables = <A, R>(
  query: Effect.Effect<A, SqlError.SqlError | Schema.SchemaError, R>
): Effect.Effect<A, ReadModelUnavailable, R> =>
  Effect.catchTags(query, {
    SqlError: (cause) => Effect.fail(new ReadModelUnavailable({ cause })),
    SchemaError: (defect) => Effect.die(defect)
  })

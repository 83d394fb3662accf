import { Effect, Schema } from "effect"
import { SqlError } from "effect/sql"

/** The database that holds the read models cannot be asked now. */
export class ReadModelUnavailable extends Schema.TaggedError<ReadModelUnavailable>()("ReadModelUnavailable", {
  cause: Schema.Defect()
}) {
  override get message() {
    return "the read models are unavailable; try again later"
  }
}

type Trouble<E> = Extract<E, SqlError.SqlError | Schema.SchemaError>

const isTrouble = <E>(error: E): error is Trouble<E> =>
  SqlError.isSqlError(error) || Schema.isSchemaError(error)

/** Outages in the queries' own terms. A row that does not decode is a bug. */
export const readingTables = <A, E, R>(query: Effect.Effect<A, E, R>) =>
  Effect.catchIf(
    query,
    isTrouble<E>,
    (error): Effect.Effect<never, ReadModelUnavailable> =>
      SqlError.isSqlError(error) ? Effect.fail(new ReadModelUnavailable({ cause: error })) : Effect.die(error)
  )

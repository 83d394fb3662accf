import { PgClient } from "@effect/sql-pg"
import * as Migrating from "@indelible/server/database/Migrating"
import { Effect, Exit, Layer, Redacted, References, Scope } from "effect"
import type { SqlClient } from "effect/sql"
import { afterAll, beforeAll } from "vitest"
import { onDatabase } from "../../http/DatabaseOf.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { killAll } from "./CliProcess.ts"

const make = Effect.gen(function* () {
  const url = yield* TestDatabase.make("embedded")
  yield* Layer.build(Layer.provide(Migrating.layer, PgClient.layer({ url, maxConnections: 1 })))
  return {
    /** What tells the command line where to work. */
    variables: { DATABASE_URL: Redacted.value(url) },
    url,
    /** Statements beside it. */
    on: <A>(work: (sql: SqlClient.SqlClient) => Effect.Effect<A, unknown>) => onDatabase(url, work)
  }
}).pipe(Effect.provideService(References.MinimumLogLevel, "None"))

/** A migrated database for all tests of a file, on which no service runs. */
export const forThisFile = () => {
  const scope = Scope.makeUnsafe()
  let made: Effect.Success<typeof make> | undefined
  beforeAll(async () => {
    made = await Effect.runPromise(Scope.provide(make, scope))
  })
  afterAll(async () => {
    killAll()
    await Effect.runPromise(Scope.close(scope, Exit.void))
  })
  return () => {
    if (made === undefined) throw new Error("the database has not been made")
    return made
  }
}

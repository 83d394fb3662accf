import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../../../test/servers/TestDatabase.ts"
import * as Migrating from "./Migrating.ts"

/** What is logged while the database is brought to what this program expects. */
const migrating = (...statements: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const url = yield* TestDatabase.make("embedded")
    const logged: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => void logged.push(`${logLevel} ${String(message)}`))
    const client = PgClient.layer({ url, maxConnections: 1 })
    yield* Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      for (const statement of statements) yield* sql.unsafe(statement)
      yield* Layer.build(Migrating.layer)
    }).pipe(Effect.provide(client), Effect.provide(Logger.layer([logger])))
    return logged.join("\n")
  })

describe("starting on a database", () => {
  it.live("says nothing of one that keeps what it acknowledges", () =>
    Effect.map(migrating(), (logged) => {
      assert.include(logged, "migrated the database: 0001_event_store")
      assert.notInclude(logged, "LOSE")
    }).pipe(Effect.scoped)
  )

  it.live("says loudly when the database may lose what it acknowledged", () =>
    Effect.map(migrating("SET synchronous_commit = off"), (logged) => {
      assert.match(logged, /Error .*LOSE.*synchronous_commit is off/)
    }).pipe(Effect.scoped)
  )
})

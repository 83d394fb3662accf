import { PgClient } from "@effect/sql-pg"
import { type Migrations, migrate } from "@indelible/infrastructure/postgres/Migrations"
import { Effect, Layer } from "effect"
import type { PostgresServer } from "../servers/PostgresServers.ts"
import * as TestDatabase from "../servers/TestDatabase.ts"

/** A client of a fresh database with these migrations applied; the database goes with the scope. */
export const layer = (server: PostgresServer, migrations: Migrations) =>
  Layer.unwrap(
    Effect.map(TestDatabase.make(server), (url) => {
      const client = PgClient.layer({ url, maxConnections: 8 })
      return Layer.provideMerge(Layer.effectDiscard(migrate(migrations)), client)
    })
  )

import { PgClient } from "@effect/sql-pg"
import * as AnsweringPool from "@indelible/infrastructure/postgres/AnsweringPool"
import { owningSession } from "@indelible/projections/engine/Owner"
import { LockConnection } from "@indelible/projections/engine/Ownership"
import { Effect, Layer } from "effect"
import { Reactivity } from "effect/reactivity"
import type { Settings } from "../settings/Settings.ts"
import { Database } from "./Database.ts"

// Connections of a node, at most 40: READ_POOL (24 at most, one of them listens), 4 that append (two lanes, two that
// wait), 10 for read models, 1 that ownership hangs on.
const projectionConnections = 10

/** Nothing a person waits for takes longer; and no plan here is worth compiling. */
const session = { timezone: "UTC", jit: "off" }

/** For queries, people and keys. */
export const reading = ({ nodeName, readPool }: Settings) =>
  Layer.unwrap(
    Effect.map(Database, ({ url }) =>
      AnsweringPool.layer({
        url,
        applicationName: `${nodeName} reading`,
        maxConnections: readPool,
        connectTimeout: "2 seconds",
        startupParameters: { ...session, statement_timeout: "5000" }
      })
    )
  )

/** For the owners of read models. A node that freezes within a page is cut off, so that another can take over. */
export const projecting = ({ nodeName }: Pick<Settings, "nodeName">) =>
  Layer.unwrap(
    Effect.map(Database, ({ url }) =>
      PgClient.layer({
        url,
        applicationName: `${nodeName} projecting`,
        maxConnections: projectionConnections,
        connectTimeout: "2 seconds",
        startupParameters: {
          ...session,
          statement_timeout: "30000",
          idle_in_transaction_session_timeout: "2000"
        }
      })
    )
  )

/** For ownership: a session of its own, whose end is the end of what it owned. */
export const owning = ({ nodeName }: Pick<Settings, "nodeName">) =>
  Layer.effect(
    LockConnection,
    Effect.map(Database, ({ url }) =>
      PgClient.makeClient({
        url,
        applicationName: owningSession(nodeName),
        connectTimeout: "2 seconds",
        startupParameters: session
      }).pipe(Effect.provide(Reactivity.layer))
    )
  )

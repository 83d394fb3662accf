import { EventLog } from "@indelible/application/store/EventLog"
import { EventStore } from "@indelible/application/store/EventStore"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryEventStore from "@indelible/infrastructure/memory/MemoryEventStore"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import * as MemoryPeople from "@indelible/infrastructure/memory/MemoryPeople"
import * as Checkpoint from "@indelible/projections/engine/Checkpoint"
import { claim } from "@indelible/projections/engine/Claim"
import { type FoldOptions, foldPage } from "@indelible/projections/engine/FoldPage"
import { Freshness } from "@indelible/projections/engine/Freshness"
import type { Projection } from "@indelible/projections/engine/Projection"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { History } from "@indelible/projections/history/History"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { inboxProjection } from "@indelible/projections/inbox/InboxProjection"
import { projectionMigrations } from "@indelible/projections/migrations"
import { ConversationSearch } from "@indelible/projections/search/ConversationSearch"
import { MessageSearch } from "@indelible/projections/search/MessageSearch"
import { Searching } from "@indelible/projections/search/Searching"
import { searchProjection } from "@indelible/projections/search/SearchProjection"
import { Unread } from "@indelible/projections/unread/Unread"
import { unreadProjection } from "@indelible/projections/unread/UnreadProjection"
import { Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import type { PostgresServer } from "../../servers/PostgresServers.ts"
import * as MigratedDatabase from "../MigratedDatabase.ts"

export const projections = [inboxProjection, historyProjection, unreadProjection, searchProjection]

/** Read models on a fresh database, fed from a log in memory. */
export const layer = (server: PostgresServer) =>
  Layer.mergeAll(MessageSearch.layer, ConversationSearch.layer, History.layer, Unread.layer).pipe(
    Layer.provideMerge(Searching.layer),
    Layer.provideMerge(Inbox.layer),
    Layer.provideMerge(Freshness.layer),
    Layer.provideMerge(ProjectionProgress.layer),
    Layer.provideMerge(Layer.effect(EventLog, EventStore)),
    Layer.provideMerge(MemoryEventStore.layer),
    Layer.provideMerge(EnvelopeOpener.layer),
    Layer.provideMerge(MemoryKeyVault.layer),
    Layer.provideMerge(MemoryPeople.layer),
    Layer.provide(SecureRandom.layerWebCrypto),
    Layer.provideMerge(MigratedDatabase.layer(server, projectionMigrations))
  )

/** Folds what the tables of a sink do not have yet. */
export const catchUp = Effect.fn("catchUp")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  sink: string = projection.name,
  options?: FoldOptions
) {
  let current = yield* claim(sink)
  while (true) {
    const folded = yield* foldPage(projection, current, options)
    if (folded.events === 0) return
    current = folded.claim
  }
})

export const catchUpAll = Effect.forEach(projections, (projection) => catchUp(projection), { discard: true })

/** Builds a second set of tables from zero. */
export const rebuild = Effect.fn("rebuild")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  sink: string,
  options?: FoldOptions
) {
  yield* projection.createTables(sink)
  yield* projection.createIndexes(sink)
  yield* Checkpoint.create(sink, projection.version)
  yield* catchUp(projection, sink, options)
})

/** Every row of every table of a sink, as text in one fixed order. */
export const dump = Effect.fn("dump")(function* (sink: string) {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* sql<{ name: string }>`
    SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = ${sink} ORDER BY 1`
  const rows: Array<string> = []
  for (const { name } of tables) {
    const table = yield* sql<{ row: string }>`
      SELECT t::text AS row FROM ${sql(`${sink}.${name}`)} AS t ORDER BY 1`
    rows.push(...table.map(({ row }) => `${name} ${row}`))
  }
  return rows
})

import { PgClient } from "@effect/sql-pg"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as AesMasterKey from "@indelible/infrastructure/keys/AesMasterKey"
import { MasterKey } from "@indelible/infrastructure/keys/MasterKey"
import * as AnsweringPool from "@indelible/infrastructure/postgres/AnsweringPool"
import { keyVaultMigrations } from "@indelible/infrastructure/postgres/KeyVaultMigration"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventLog from "@indelible/infrastructure/postgres/log/PgEventLog"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import * as PgLogWakeUp from "@indelible/infrastructure/postgres/log/PgLogWakeUp"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import * as PgKeyVault from "@indelible/infrastructure/postgres/PgKeyVault"
import { build } from "@indelible/projections/engine/build/Builder"
import { Freshness } from "@indelible/projections/engine/Freshness"
import { LockConnection, own } from "@indelible/projections/engine/Ownership"
import type { Projection } from "@indelible/projections/engine/Projection"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { run } from "@indelible/projections/engine/Runner"
import { History } from "@indelible/projections/history/History"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { projectionMigrations } from "@indelible/projections/migrations"
import { MessageSearch } from "@indelible/projections/search/MessageSearch"
import { Searching } from "@indelible/projections/search/Searching"
import { Unread } from "@indelible/projections/unread/Unread"
import { Effect, Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { Reactivity } from "effect/reactivity"

const masterKey = Layer.effect(MasterKey, AesMasterKey.make(Redacted.make(new Uint8Array(32).fill(7))))
const session = { timezone: "UTC", jit: "off" }

/** One node of several: log, keys and read models in a database that all of them share. Pools as the product has them. */
export const layer = (url: Redacted.Redacted, node: string) => {
  const reading = AnsweringPool.layer({
    url,
    applicationName: `${node} reading`,
    maxConnections: 8,
    connectTimeout: "2 seconds",
    startupParameters: { ...session, statement_timeout: "5000" }
  })
  const migrated = Layer.effectDiscard(
    migrate({ ...eventLogMigrations, ...keyVaultMigrations, ...projectionMigrations })
  )
  const owning = PgClient.makeClient({
    url,
    applicationName: `${node} owning`,
    connectTimeout: "2 seconds",
    startupParameters: session
  }).pipe(Effect.provide(Reactivity.layer))
  return Layer.mergeAll(Inbox.layer, History.layer, Unread.layer, MessageSearch.layer).pipe(
    Layer.provide(Searching.layer),
    Layer.provideMerge(Freshness.layer),
    Layer.provideMerge(ProjectionProgress.layer),
    Layer.provideMerge(Layer.succeed(LockConnection, owning)),
    Layer.provideMerge(Layer.merge(PgLogWakeUp.layer, PgEventLog.layer)),
    Layer.provideMerge(PgEventStore.layer({ url, node })),
    Layer.provideMerge(EnvelopeOpener.layer),
    Layer.provideMerge(PgKeyVault.layer),
    Layer.provide(masterKey),
    Layer.provideMerge(migrated),
    Layer.provideMerge(reading),
    Layer.provide(SecureRandom.layerWebCrypto)
  )
}

/** The pool for those who write read models. */
export const projecting = (url: Redacted.Redacted, node: string) =>
  PgClient.layer({
    url,
    applicationName: `${node} projecting`,
    maxConnections: 8,
    connectTimeout: "2 seconds",
    startupParameters: {
      ...session,
      statement_timeout: "30000",
      idle_in_transaction_session_timeout: "2000"
    }
  })

const keeping = (node: string) => (projection: Projection<ConversationEvent>) => ({
  name: projection.name,
  kind: "projection" as const,
  body: run(projection, node)
})
const building = (node: string) => (projection: Projection<ConversationEvent>) => ({
  name: `build ${projection.name}`,
  kind: "build" as const,
  body: build(projection, node)
})

/** Keeps these read models up with the log, those that the node owns. */
export const keep = (
  url: Redacted.Redacted,
  node: string,
  wanted: ReadonlyArray<Projection<ConversationEvent>>
) => own(wanted.map(keeping(node))).pipe(Effect.provide(projecting(url, node)))

/** Carries out what is asked to be built. */
export const carryOutBuilds = (
  url: Redacted.Redacted,
  node: string,
  wanted: ReadonlyArray<Projection<ConversationEvent>>
) => own(wanted.map(building(node))).pipe(Effect.provide(projecting(url, node)))

/** Both, as the product does. */
export const keepAndBuild = (
  url: Redacted.Redacted,
  node: string,
  wanted: ReadonlyArray<Projection<ConversationEvent>>
) =>
  own([...wanted.map(keeping(node)), ...wanted.map(building(node))]).pipe(
    Effect.provide(projecting(url, node))
  )

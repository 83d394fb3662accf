import { join } from "node:path"
import * as ConversationUseCases from "@indelible/application/conversation/ConversationUseCases"
import { MaxMessageLength } from "@indelible/application/conversation/MaxMessageLength"
import * as Authenticate from "@indelible/application/identity/Authenticate"
import * as SessionWatch from "@indelible/application/identity/SessionWatch"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as ConfiguredTokenVerifier from "@indelible/infrastructure/jwt/ConfiguredTokenVerifier"
import * as EnvironmentMasterKey from "@indelible/infrastructure/keys/EnvironmentMasterKey"
import * as HmacConversationIds from "@indelible/infrastructure/keys/HmacConversationIds"
import * as LocalMasterKey from "@indelible/infrastructure/keys/LocalMasterKey"
import * as PgEventLog from "@indelible/infrastructure/postgres/log/PgEventLog"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import * as PgLogWakeUp from "@indelible/infrastructure/postgres/log/PgLogWakeUp"
import * as PgApplications from "@indelible/infrastructure/postgres/PgApplications"
import * as PgInstallationKey from "@indelible/infrastructure/postgres/PgInstallationKey"
import * as PgKeyVault from "@indelible/infrastructure/postgres/PgKeyVault"
import * as PgPeople from "@indelible/infrastructure/postgres/PgPeople"
import { Freshness } from "@indelible/projections/engine/Freshness"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { History } from "@indelible/projections/history/History"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { Unread } from "@indelible/projections/unread/Unread"
import { Effect, Layer, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import * as Database from "./database/Database.ts"
import * as Migrating from "./database/Migrating.ts"
import * as Pools from "./database/Pools.ts"
import { Traffic } from "./http/edge/Traffic.ts"
import * as HttpService from "./http/HttpService.ts"
import * as ProjectionRunners from "./ProjectionRunners.ts"
import { Readiness } from "./Readiness.ts"
import * as Fanout from "./realtime/Fanout.ts"
import { RealtimeSettings } from "./realtime/RealtimeSettings.ts"
import { Sessions } from "./realtime/Sessions.ts"
import type { Settings } from "./settings/Settings.ts"

const masterKey = ({ dataDir, masterKey }: Settings) =>
  Option.match(masterKey, {
    onSome: EnvironmentMasterKey.layer,
    onNone: () => LocalMasterKey.layer(dataDir)
  })

const eventStore = ({ nodeName }: Settings) =>
  Layer.unwrap(Effect.map(Database.Database, ({ url }) => PgEventStore.layer({ url, node: nodeName })))

/** A migrated database, and the keys to what is in it. */
const storage = (settings: Settings) =>
  PgKeyVault.layer.pipe(
    Layer.provideMerge(PgInstallationKey.layer),
    Layer.provide(masterKey(settings)),
    Layer.provideMerge(Migrating.layer),
    Layer.provideMerge(Pools.reading(settings)),
    Layer.provideMerge(Database.layer(settings)),
    Layer.provideMerge(SecureRandom.layerWebCrypto)
  )

/** One adapter a port: a technology is swapped here. */
const adapters = (settings: Settings) =>
  Layer.mergeAll(
    eventStore(settings).pipe(Layer.provideMerge(EnvelopeOpener.layer)),
    PgEventLog.layer,
    PgLogWakeUp.layer,
    HmacConversationIds.layer,
    PgApplications.layer,
    PgPeople.layer
  )

const identity = ({ dataDir }: Settings) =>
  Layer.merge(Authenticate.layer, SessionWatch.layer).pipe(
    Layer.provideMerge(ConfiguredTokenVerifier.layer(join(dataDir, "development-key")))
  )

const readModels = (settings: Settings) =>
  Layer.mergeAll(
    ProjectionRunners.layer(settings).pipe(
      Layer.provide([Pools.projecting(settings), Pools.owning(settings)])
    ),
    Layer.mergeAll(Inbox.layer, History.layer, Unread.layer).pipe(Layer.provide(Freshness.layer))
  ).pipe(Layer.provideMerge(ProjectionProgress.layer))

const useCases = ({ corsOrigins, maxMessageLength }: Settings) =>
  ConversationUseCases.layer.pipe(
    Layer.provide(Layer.succeed(MaxMessageLength, maxMessageLength)),
    Layer.provideMerge(Fanout.layer),
    Layer.provideMerge(Sessions.layer),
    Layer.provide(
      Layer.effect(
        RealtimeSettings,
        Effect.map(RealtimeSettings, (usual) => ({ ...usual, allowedOrigins: corsOrigins }))
      )
    )
  )

/** The whole service, from what it stands on (below) to what is heard of it (above). */
export const layer = (settings: Settings) =>
  HttpService.layer(settings).pipe(
    Layer.provideMerge(Readiness.layer),
    Layer.provideMerge(Traffic.layer(settings.maxRequests)),
    Layer.provideMerge(useCases(settings)),
    Layer.provideMerge(readModels(settings)),
    Layer.provideMerge(identity(settings)),
    Layer.provideMerge(adapters(settings)),
    Layer.provideMerge(storage(settings))
  )

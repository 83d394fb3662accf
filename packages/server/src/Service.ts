import { join } from "node:path"
import * as ConversationUseCases from "@indelible/application/conversation/ConversationUseCases"
import { MaxMessageLength } from "@indelible/application/conversation/MaxMessageLength"
import * as Authenticate from "@indelible/application/identity/Authenticate"
import * as SessionWatch from "@indelible/application/identity/SessionWatch"
import type { RateLimits } from "@indelible/application/limits/RateLimits"
import { perHour, RateRules, usualRules } from "@indelible/application/limits/RateRules"
import { SeePresence } from "@indelible/application/live/SeePresence"
import * as PlayedClock from "@indelible/infrastructure/clock/PlayedClock"
import * as PlayedLimits from "@indelible/infrastructure/clock/PlayedLimits"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as ConfiguredTokenVerifier from "@indelible/infrastructure/jwt/ConfiguredTokenVerifier"
import * as HmacConversationIds from "@indelible/infrastructure/keys/HmacConversationIds"
import * as MemoryLiveBus from "@indelible/infrastructure/memory/MemoryLiveBus"
import * as MemoryPresence from "@indelible/infrastructure/memory/MemoryPresence"
import * as MemoryRateLimits from "@indelible/infrastructure/memory/MemoryRateLimits"
import * as PgEventLog from "@indelible/infrastructure/postgres/log/PgEventLog"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import * as PgLogWakeUp from "@indelible/infrastructure/postgres/log/PgLogWakeUp"
import * as PgApplications from "@indelible/infrastructure/postgres/PgApplications"
import * as PgInstallationKey from "@indelible/infrastructure/postgres/PgInstallationKey"
import * as PgKeyVault from "@indelible/infrastructure/postgres/PgKeyVault"
import * as PgPeople from "@indelible/infrastructure/postgres/PgPeople"
import * as IoRedis from "@indelible/infrastructure/redis/IoRedis"
import * as RedisLiveBus from "@indelible/infrastructure/redis/RedisLiveBus"
import * as RedisPresence from "@indelible/infrastructure/redis/RedisPresence"
import * as RedisRateLimits from "@indelible/infrastructure/redis/RedisRateLimits"
import { Freshness } from "@indelible/projections/engine/Freshness"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { History } from "@indelible/projections/history/History"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import * as LimitedInbox from "@indelible/projections/inbox/LimitedInbox"
import { ConversationSearch } from "@indelible/projections/search/ConversationSearch"
import { MessageSearch } from "@indelible/projections/search/MessageSearch"
import { Searching } from "@indelible/projections/search/Searching"
import { Unread } from "@indelible/projections/unread/Unread"
import { Effect, Layer, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import * as Database from "./database/Database.ts"
import * as Keys from "./database/Keys.ts"
import * as Migrating from "./database/Migrating.ts"
import * as Pools from "./database/Pools.ts"
import { Traffic } from "./http/edge/Traffic.ts"
import * as HttpService from "./http/HttpService.ts"
import * as MeasuredEventStore from "./metrics/MeasuredEventStore.ts"
import * as MeasuredFreshness from "./metrics/MeasuredFreshness.ts"
import * as MeasuredQueries from "./metrics/MeasuredQueries.ts"
import * as MeasuredRateLimits from "./metrics/MeasuredRateLimits.ts"
import * as Projectors from "./projecting/Projectors.ts"
import { Readiness } from "./Readiness.ts"
import { ConnectionLimit } from "./realtime/ConnectionLimit.ts"
import { asConfigured } from "./realtime/ConnectionSettings.ts"
import * as Fanout from "./realtime/Fanout.ts"
import { HandedOut } from "./realtime/HandedOut.ts"
import { RealtimeSettings } from "./realtime/RealtimeSettings.ts"
import { Sessions } from "./realtime/Sessions.ts"
import { Typing } from "./realtime/Typing.ts"
import { UnreadTotals } from "./realtime/UnreadTotals.ts"
import { UserIds } from "./realtime/UserIds.ts"
import { Watchers } from "./realtime/Watchers.ts"
import type { Settings } from "./settings/Settings.ts"

const eventStore = ({ nodeName }: Settings) =>
  Layer.unwrap(Effect.map(Database.Database, ({ url }) => PgEventStore.layer({ url, node: nodeName }))).pipe(
    Layer.provide(PlayedClock.told)
  )

/** A migrated database, and the keys to what is in it. */
const storage = (settings: Settings) =>
  Layer.provideMerge(PgKeyVault.layer, PgInstallationKey.layer).pipe(
    Layer.provide(Keys.masterKey(settings)),
    Layer.provideMerge(Migrating.layer),
    Layer.provideMerge(Pools.reading(settings)),
    Layer.provideMerge(Database.layer(settings)),
    Layer.provideMerge(SecureRandom.layerWebCrypto)
  )

const measuredLimits = <R>(settings: Settings, limits: Layer.Layer<RateLimits, never, R>) =>
  MeasuredRateLimits.layer.pipe(
    Layer.provide(limits),
    Layer.provide(
      Layer.succeed(RateRules, {
        ...usualRules,
        messages: perHour(settings.limitMessages),
        lists: perHour(settings.limitLists)
      })
    )
  )

/** What nodes have in common besides the database: by Redis where there is one, otherwise each has it to itself. */
const amongNodes = (settings: Settings) =>
  Option.match(settings.redisUrl, {
    onNone: () =>
      Layer.mergeAll(
        measuredLimits(settings, Layer.provide(PlayedLimits.layer, MemoryRateLimits.layer)),
        MemoryLiveBus.layer,
        MemoryPresence.layer
      ),
    onSome: (address) =>
      Layer.merge(measuredLimits(settings, RedisRateLimits.layer), RedisPresence.layer).pipe(
        Layer.provideMerge(RedisLiveBus.layer),
        Layer.provide(IoRedis.layer(address, settings.nodeName))
      )
  })

/** One adapter a port: a technology is swapped here. */
const adapters = (settings: Settings) =>
  Layer.mergeAll(
    MeasuredEventStore.layer.pipe(
      Layer.provide(eventStore(settings)),
      Layer.provideMerge(EnvelopeOpener.layer)
    ),
    PgEventLog.layer,
    PgLogWakeUp.layer,
    HmacConversationIds.layer,
    amongNodes(settings),
    PgApplications.layer,
    PgPeople.layer
  ).pipe(Layer.provideMerge(PlayedClock.layer))

const identity = ({ dataDir }: Settings) =>
  Layer.merge(Authenticate.layer, SessionWatch.layer).pipe(
    Layer.provideMerge(ConfiguredTokenVerifier.layer(join(dataDir, "development-key")))
  )

/** What a node does for the read models of all, beside what it answers. */
const projecting = (settings: Settings) =>
  settings.roles.includes("projector") ? Projectors.layer(settings) : Layer.empty

const queries = LimitedInbox.layer.pipe(
  Layer.provideMerge(MeasuredQueries.layer),
  Layer.provide([MessageSearch.layer, ConversationSearch.layer]),
  Layer.provide(Searching.layer),
  Layer.provide([Inbox.layer, History.layer, Unread.layer]),
  Layer.provide(MeasuredFreshness.layer),
  Layer.provide(Freshness.layer)
)

const useCases = (settings: Settings) =>
  Layer.merge(ConversationUseCases.layer, SeePresence.layer).pipe(
    Layer.provide(Layer.succeed(MaxMessageLength, settings.maxMessageLength)),
    Layer.provideMerge(Fanout.layer),
    Layer.provideMerge(UnreadTotals.layer(Effect.map(Unread, ({ totals }) => totals))),
    Layer.provideMerge(Layer.merge(Typing.layer, HandedOut.layer)),
    Layer.provideMerge(Sessions.layer),
    Layer.provideMerge(ConnectionLimit.layer),
    Layer.provideMerge(Layer.merge(Watchers.layer, UserIds.layer)),
    Layer.provide(
      Layer.effect(
        RealtimeSettings,
        Effect.map(RealtimeSettings, (usual) => ({ ...usual, ...asConfigured(settings) }))
      )
    )
  )

/** What every node stands on. */
const foundation = (settings: Settings) =>
  Readiness.layer.pipe(
    Layer.provideMerge(Traffic.layer(settings.maxRequests)),
    Layer.provideMerge(projecting(settings)),
    Layer.provideMerge(ProjectionProgress.layer),
    Layer.provideMerge(identity(settings)),
    Layer.provideMerge(adapters(settings)),
    Layer.provideMerge(storage(settings))
  )

/** A node that answers people, from what it stands on (below) to what is heard of it (above). */
const edge = (settings: Settings) =>
  HttpService.layer(settings).pipe(
    Layer.provide(Projectors.kept),
    Layer.provideMerge(useCases(settings)),
    Layer.provideMerge(queries),
    Layer.provideMerge(foundation(settings))
  )

/** One that does not. */
const backstage = (settings: Settings) =>
  HttpService.backstage(settings).pipe(Layer.provideMerge(foundation(settings)))

/** The whole service, as far as this node has a part in it. */
export const layer = (settings: Settings) =>
  Layer.unwrap(Effect.sync(() => (settings.roles.includes("edge") ? edge(settings) : backstage(settings))))

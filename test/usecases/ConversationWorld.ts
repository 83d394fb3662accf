import { ArchiveConversation } from "@indelible/application/conversation/ArchiveConversation"
import { ConversationAccess } from "@indelible/application/conversation/ConversationAccess"
import * as ConversationUseCases from "@indelible/application/conversation/ConversationUseCases"
import { DescribeConversation } from "@indelible/application/conversation/DescribeConversation"
import { MarkDelivered } from "@indelible/application/conversation/MarkDelivered"
import { MarkRead } from "@indelible/application/conversation/MarkRead"
import { ReopenConversation } from "@indelible/application/conversation/ReopenConversation"
import { SendText } from "@indelible/application/conversation/SendText"
import { StartConversation } from "@indelible/application/conversation/StartConversation"
import { RateLimits } from "@indelible/application/limits/RateLimits"
import { LiveDelivery } from "@indelible/application/live/LiveDelivery"
import { Applications, type JobApplication } from "@indelible/application/people/Applications"
import type { PersonDetails } from "@indelible/application/people/People"
import { EventStore, type RecordedEvent } from "@indelible/application/store/EventStore"
import type { StreamId } from "@indelible/application/store/StreamId"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as HmacConversationIds from "@indelible/infrastructure/keys/HmacConversationIds"
import * as InstallationKey from "@indelible/infrastructure/keys/InstallationKey"
import * as MemoryEventStore from "@indelible/infrastructure/memory/MemoryEventStore"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import * as MemoryRateLimits from "@indelible/infrastructure/memory/MemoryRateLimits"
import { Effect, Layer, Option, Redacted } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as TestDirectory from "../identity/TestDirectory.ts"

export interface Publication {
  readonly stream: StreamId
  readonly participants: ReadonlyArray<SubjectId>
  readonly events: ReadonlyArray<RecordedEvent<ConversationEvent>>
}

export const origin = { correlationId: "test", causationId: null, client: "test" }
export const newId = () => ClientMessageId.make(crypto.randomUUID())

/** The use cases on a log in memory, with the surrounding platform and the devices in the test's hands. */
export const make = Effect.gen(function* () {
  const { erase, layer: people, people: directory } = TestDirectory.make()
  const applications = new Map<string, JobApplication>()
  const published: Array<Publication> = []

  const platform = Layer.mergeAll(
    people,
    MemoryRateLimits.layer,
    Layer.succeed(Applications, {
      put: (application) => Effect.sync(() => void applications.set(application.applicationId, application)),
      byId: (applicationId) => Effect.sync(() => Option.fromNullishOr(applications.get(applicationId))),
      openOf: () => Effect.succeed([])
    }),
    Layer.succeed(LiveDelivery, {
      publish: (stream, participants, events) =>
        Effect.sync(() => void published.push({ stream, participants, events }))
    }),
    HmacConversationIds.layer.pipe(
      Layer.provide(
        Layer.succeed(
          InstallationKey.InstallationKey,
          InstallationKey.make(Redacted.make(new Uint8Array(32)))
        )
      )
    )
  )
  const log = MemoryEventStore.layer.pipe(
    Layer.provideMerge(EnvelopeOpener.layer),
    Layer.provideMerge(MemoryKeyVault.layer),
    Layer.provideMerge(SecureRandom.layerWebCrypto)
  )
  const context = yield* Layer.build(
    ConversationUseCases.layer.pipe(Layer.provideMerge(Layer.merge(platform, log)))
  )

  const person = (userId: string, details: Partial<PersonDetails>) =>
    Effect.orDie(directory.put(userId, { ...TestDirectory.someone, ...details }))
  const business = yield* person("acme", { role: "business" })
  const worker = yield* person("wanda", { role: "worker" })
  const stranger = yield* person("eve", { role: "worker" })
  const application: JobApplication = {
    applicationId: "application-7",
    businessUserId: "acme",
    workerUserId: "wanda",
    status: "open"
  }
  applications.set(application.applicationId, application)

  const useCases = yield* Effect.all({
    start: StartConversation,
    send: SendText,
    read: MarkRead,
    deliver: MarkDelivered,
    archive: ArchiveConversation,
    reopen: ReopenConversation,
    access: ConversationAccess,
    describe: DescribeConversation,
    limits: RateLimits,
    store: EventStore
  }).pipe(Effect.provideContext(context))

  /** As one of the platform's people does it, with an id of its own. */
  const requestBy = (by: SubjectId) => ({ by, commandId: null, origin })

  return {
    ...useCases,
    application,
    apply: (changed: JobApplication) => void applications.set(changed.applicationId, changed),
    business: business.subject,
    erase,
    person,
    published,
    requestBy,
    stranger: stranger.subject,
    worker: worker.subject
  }
})

/** The same with the conversation started and everything published so far forgotten. */
export const started = Effect.gen(function* () {
  const world = yield* make
  const { conversation } = yield* world.start({
    ...world.requestBy(world.business),
    applicationId: world.application.applicationId
  })
  world.published.length = 0
  const say = (by: SubjectId, text: string, clientMessageId = newId()) =>
    world.send({ by, conversation, clientMessageId, text, metadata: null, origin })
  const of = (by: SubjectId) => ({ ...world.requestBy(by), conversation })
  return { ...world, conversation, of, say }
})

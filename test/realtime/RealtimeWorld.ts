import { randomBytes, randomUUID } from "node:crypto"
import { PgClient } from "@effect/sql-pg"
import * as ConversationUseCases from "@indelible/application/conversation/ConversationUseCases"
import { SendText } from "@indelible/application/conversation/SendText"
import { StartConversation } from "@indelible/application/conversation/StartConversation"
import * as Authenticate from "@indelible/application/identity/Authenticate"
import * as SessionWatch from "@indelible/application/identity/SessionWatch"
import { RateRules } from "@indelible/application/limits/RateRules"
import { LiveDelivery } from "@indelible/application/live/LiveDelivery"
import { Applications } from "@indelible/application/people/Applications"
import {
  DirectoryUnavailable,
  People,
  type Person,
  type PersonDetails
} from "@indelible/application/people/People"
import { EventStore } from "@indelible/application/store/EventStore"
import { LogCorrupted, Unavailable } from "@indelible/application/store/EventStoreError"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { conversation, sideOf } from "@indelible/domain/conversation/Conversation"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as SecretTokenVerifier from "@indelible/infrastructure/jwt/SecretTokenVerifier"
import * as HmacConversationIds from "@indelible/infrastructure/keys/HmacConversationIds"
import * as InstallationKey from "@indelible/infrastructure/keys/InstallationKey"
import * as MemoryApplications from "@indelible/infrastructure/memory/MemoryApplications"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import * as MemoryLiveBus from "@indelible/infrastructure/memory/MemoryLiveBus"
import * as MemoryPeople from "@indelible/infrastructure/memory/MemoryPeople"
import * as MemoryPresence from "@indelible/infrastructure/memory/MemoryPresence"
import * as MemoryRateLimits from "@indelible/infrastructure/memory/MemoryRateLimits"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import * as PgLogWakeUp from "@indelible/infrastructure/postgres/log/PgLogWakeUp"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import { PresenceSettings } from "@indelible/infrastructure/presence/PresenceSettings"
import { ConnectionLimit } from "@indelible/server/realtime/ConnectionLimit"
import * as Fanout from "@indelible/server/realtime/Fanout"
import * as Gateway from "@indelible/server/realtime/Gateway"
import { HandedOut } from "@indelible/server/realtime/HandedOut"
import { RealtimeSettings } from "@indelible/server/realtime/RealtimeSettings"
import { Sessions } from "@indelible/server/realtime/Sessions"
import { SplitServer } from "@indelible/server/realtime/SplitServer"
import { Typing } from "@indelible/server/realtime/Typing"
import { UnreadTotals } from "@indelible/server/realtime/UnreadTotals"
import { UserIds } from "@indelible/server/realtime/UserIds"
import { Watchers } from "@indelible/server/realtime/Watchers"
import { Effect, Exit, Layer, Redacted, Scope } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { SignJWT } from "jose"
import { ampleRules } from "../servers/AmpleLimits.ts"
import * as TestDatabase from "../servers/TestDatabase.ts"
import { type SocketOptions, TestSocket } from "./TestSocket.ts"

const issuer = "https://id.example.com"
const audience = "indelible"

/** Milliseconds after which somebody without a socket is offline here: shorter than usual, so that tests are. */
export const grace = 300

const listening = Effect.acquireRelease(
  Effect.callback<SplitServer>((resume) => {
    const server = new SplitServer({ keepAliveTimeout: 100 })
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) =>
    Effect.callback<void>((resume) => {
      server.close(() => resume(Effect.void))
      server.closeAllConnections()
    })
)

/** What goes wrong between the log and the sockets, and nowhere else, for as long as a test says so. */
export interface Faults {
  /** How often each publication arrives, and after how many milliseconds; 0 times: it is lost. */
  publishing: (n: number) => { readonly times: number; readonly after: number }
  log: "readable" | "away" | "replaced"
  directory: "readable" | "away"
}

const unreachable = new Error("cut off by the test")

/** The log as this node reads it for its sockets. */
const faultyLog = (faults: Faults) => {
  const away = Effect.fail(new Unavailable({ reason: "unreachable", cause: unreachable }))
  return Layer.effect(
    EventStore,
    Effect.map(EventStore, (store) =>
      EventStore.of({
        ...store,
        headsOf: (aggregate, subjects, limit) =>
          faults.log === "away" ? away : store.headsOf(aggregate, subjects, limit),
        heads: (aggregate, streams) => (faults.log === "away" ? away : store.heads(aggregate, streams)),
        readSlices: (cursors, limit) =>
          Effect.suspend(() => {
            if (faults.log === "readable") return store.readSlices(cursors, limit)
            if (faults.log === "away") return away
            faults.log = "readable"
            return Effect.fail(new LogCorrupted({ slice: 0, expected: 9, found: 1 }))
          })
      })
    )
  )
}

const faulty = (faults: Faults) => {
  const names = Layer.effect(
    People,
    Effect.map(People, (people) =>
      People.of({
        ...people,
        bySubjects: (subjects) =>
          Effect.suspend(() =>
            faults.directory === "readable"
              ? people.bySubjects(subjects)
              : Effect.fail(new DirectoryUnavailable({ cause: unreachable }))
          )
      })
    )
  )
  let published = 0
  const publishing = Layer.effect(
    LiveDelivery,
    Effect.map(LiveDelivery, ({ publish }) =>
      LiveDelivery.of({
        publish: (stream, participants, events) =>
          Effect.suspend(() => {
            const { after, times } = faults.publishing(published++)
            const once = publish(stream, participants, events)
            if (after === 0)
              return Effect.repeat(once, { times: times - 1 }).pipe(
                Effect.when(Effect.succeed(times > 0)),
                Effect.asVoid
              )
            return Effect.asVoid(Effect.forkDetach(Effect.delay(once, after)))
          })
      })
    )
  )
  // Where there is no read model the log itself is summed up.
  const sums = Effect.map(
    EventStore,
    (store) => (subjects: ReadonlyArray<SubjectId>) =>
      Effect.map(store.headsOf(conversation, subjects, 1_000), (heads) => {
        const totals = new Map<string, number>()
        for (const { state, subject } of heads) {
          const side = state === null ? null : sideOf(state, subject)
          if (state === null || side === null) continue
          totals.set(subject, (totals.get(subject) ?? 0) + state.tally.unread[side])
        }
        return totals
      })
  )
  return {
    delivery: publishing.pipe(
      Layer.provide(Fanout.layer),
      Layer.provideMerge(UnreadTotals.layer(sums)),
      Layer.provide(faultyLog(faults))
    ),
    userIds: UserIds.layer.pipe(Layer.provide(names))
  }
}

/** The gateway on a real HTTP server, over the event store on a database of its own. */
export const make = Effect.fnUntraced(function* (settings: Partial<RealtimeSettings> = {}) {
  const faults: Faults = {
    publishing: () => ({ times: 1, after: 0 }),
    log: "readable",
    directory: "readable"
  }
  const url = yield* TestDatabase.make("embedded")
  const server = yield* listening
  const secret = randomBytes(48).toString("base64")

  const { erase, people } = yield* MemoryPeople.make().pipe(Effect.provide(SecureRandom.layerWebCrypto))
  const directory = Layer.mergeAll(Layer.succeed(People, people), MemoryApplications.layer)
  const parts = Layer.mergeAll(
    Authenticate.layer.pipe(
      Layer.provide(SecretTokenVerifier.layer({ secret: Redacted.make(secret), issuer, audience }))
    ),
    SessionWatch.layer,
    HmacConversationIds.layer.pipe(
      Layer.provide(
        Layer.succeed(InstallationKey.InstallationKey, InstallationKey.make(Redacted.make(randomBytes(32))))
      )
    ),
    PgLogWakeUp.layer,
    MemoryRateLimits.layer.pipe(Layer.provide(Layer.succeed(RateRules, ampleRules))),
    PgEventStore.layer({ url, node: "one" }).pipe(
      Layer.provideMerge(EnvelopeOpener.layer),
      Layer.provideMerge(MemoryKeyVault.layer)
    )
  ).pipe(
    Layer.provideMerge(directory),
    Layer.provideMerge(
      Layer.provideMerge(
        Layer.effectDiscard(migrate(eventLogMigrations)),
        PgClient.layer({ url, maxConnections: 8 })
      )
    ),
    Layer.provideMerge(SecureRandom.layerWebCrypto),
    Layer.provideMerge(
      Layer.effect(
        RealtimeSettings,
        Effect.map(RealtimeSettings, (defaults) => ({ ...defaults, ...settings }))
      )
    )
  )
  const { delivery, userIds } = faulty(faults)
  const presence = MemoryPresence.layer.pipe(
    Layer.provide(
      Layer.effect(
        PresenceSettings,
        Effect.map(PresenceSettings, (usual) => ({ ...usual, grace }))
      )
    )
  )
  const context = yield* Layer.build(
    ConversationUseCases.layer.pipe(
      Layer.provideMerge(delivery),
      Layer.provideMerge(Layer.merge(Typing.layer, HandedOut.layer)),
      Layer.provideMerge(Sessions.layer),
      Layer.provide(ConnectionLimit.layer),
      Layer.provideMerge(Layer.merge(Watchers.layer, userIds)),
      Layer.provideMerge(presence),
      Layer.provideMerge(MemoryLiveBus.layer),
      Layer.provideMerge(parts)
    )
  )
  // In a scope of its own, so that a test can stop it while the rest goes on.
  const gateway = yield* Scope.fork(yield* Effect.scope)
  yield* Layer.build(Gateway.layer(server).pipe(Layer.provide(faultyLog(faults)))).pipe(
    Scope.provide(gateway),
    Effect.provideContext(context)
  )

  const { applications, send, sessions, sql, start } = yield* Effect.all({
    sql: PgClient.PgClient,
    applications: Applications,
    send: SendText,
    sessions: Sessions,
    start: StartConversation
  }).pipe(Effect.provideContext(context))

  const address = server.address()
  const port =
    typeof address === "object" && address !== null ? address.port : yield* Effect.die("not listening on TCP")

  const person = (userId: string, details: Partial<PersonDetails> = {}) =>
    Effect.orDie(
      people.put(userId, {
        name: userId,
        email: `${userId}@example.com`,
        role: "worker",
        status: "active",
        ...details
      })
    )

  /** A token as the platform issues it; with fractions of seconds, so that no test waits for the next full one. */
  const token = (userId: string, seconds = 3_600, claims: Record<string, string> = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
      .setSubject(userId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(Date.now() / 1_000)
      .setExpirationTime(Date.now() / 1_000 + seconds)
      .sign(new TextEncoder().encode(secret))

  const sockets: Array<TestSocket> = []
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      for (const { socket } of sockets) socket.terminate()
    })
  )
  const open = (options: SocketOptions = {}) => {
    const socket = new TestSocket(port, options)
    sockets.push(socket)
    return socket
  }
  const connect = Effect.fnUntraced(function* (userId: string) {
    const socket = open({ token: yield* Effect.promise(() => token(userId)) })
    yield* Effect.promise(() => socket.frame(({ type }) => type === "authenticated"))
    return socket
  })

  let started = 0
  const converse = Effect.fnUntraced(function* (business: Person, worker: Person) {
    started += 1
    const applicationId = `application-${started}`
    yield* applications.put({
      applicationId,
      businessUserId: business.userId,
      workerUserId: worker.userId,
      status: "open"
    })
    const { conversation } = yield* start({ by: business.subject, commandId: null, origin, applicationId })
    return conversation
  }, Effect.orDie)

  /** Two people with a conversation between them. */
  const pair = Effect.gen(function* () {
    const business = yield* person(`business-${started}`, { role: "business" })
    const worker = yield* person(`worker-${started}`)
    return { business, worker, conversation: yield* converse(business, worker) }
  })

  /** The use cases of a second program on the same log, which has no way to publish to this one's sockets. */
  const elsewhere = Effect.gen(function* () {
    const silent = Layer.succeed(LiveDelivery, { publish: () => Effect.void })
    const other = yield* Layer.build(
      Layer.fresh(
        ConversationUseCases.layer.pipe(
          Layer.provide(Layer.merge(silent, PgEventStore.layer({ url, node: "two" })))
        )
      )
    ).pipe(Effect.provideContext(context))
    return yield* SendText.pipe(Effect.provideContext(other))
  })

  return {
    connect,
    converse,
    elsewhere,
    erase,
    faults,
    open,
    pair,
    people,
    person,
    port,
    send,
    server,
    sessions,
    sql,
    token,
    url,
    stopGateway: Scope.close(gateway, Exit.void)
  }
})

export const origin = { correlationId: "test", causationId: null, client: "test" }
export const newId = () => ClientMessageId.make(randomUUID())
export const message = (conversationId: ConversationId, text: string, clientMessageId = newId()) =>
  ({ type: "send_message", conversationId, clientMessageId, text }) as const
export const sending = (by: SubjectId, conversation: ConversationId, text: string) => ({
  by,
  conversation,
  clientMessageId: newId(),
  text,
  metadata: null,
  origin
})

import { indelibleRpcs } from "@indelible/api/rpc/IndelibleRpcs"
import type { HttpCalls } from "@indelible/api/rpc/RpcClients"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { messageId } from "@indelible/domain/conversation/MessageId"
import { Effect } from "effect"
import { FetchHttpClient } from "effect/http"
import { assert, beforeAll, describe, it } from "vitest"
import { parkedStream, pausedBuild } from "../../http/DatabaseOf.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"
import * as Callers from "../../rpc/Callers.ts"

const page = "https://app.example.com"
const world = HttpWorld.forThisFile({ CORS_ORIGINS: page })
const callers = Callers.forThisFile(world)

interface Scene {
  readonly business: HttpCalls
  readonly worker: HttpCalls
  readonly platform: HttpCalls
  readonly engineer: HttpCalls
  readonly ids: { readonly business: string; readonly worker: string; readonly application: string }
  /** A read model of this scene alone. */
  readonly projection: string
  conversation: () => ConversationId
}

/** Reads of read models wait 250 ms for what was written; a busy machine may need more. */
const fresh = <A, E extends { readonly _tag: string }>(read: Effect.Effect<A, E>) =>
  Effect.retry(read, { while: ({ _tag }) => _tag === "not_yet_fresh", times: 40 })

const refusal = <A, E extends { readonly _tag: string }>(call: Effect.Effect<A, E>) =>
  Effect.map(Effect.flip(call), ({ _tag }) => _tag)

const clientMessageId = () => ClientMessageId.make(crypto.randomUUID())

/** What was written last; scenes go on from test to test. */
let token = ""

type Step = (scene: Scene) => Effect.Effect<void, unknown>

/** Every method, in an order in which each finds what it needs. */
const steps: Readonly<Record<keyof HttpCalls, Step>> = {
  PutUser: ({ ids, platform }) =>
    Effect.gen(function* () {
      const user = { id: ids.worker, name: "Wanda", email: "w@example.com", role: "worker" } as const
      assert.deepStrictEqual(yield* platform.PutUser({ ...user, status: "active" }), {
        ...user,
        status: "active"
      })
    }),
  PutApplication: ({ ids, platform }) =>
    Effect.gen(function* () {
      const application = { id: ids.application, business: ids.business, worker: ids.worker } as const
      const open = { ...application, status: "open" } as const
      assert.deepStrictEqual(yield* platform.PutApplication(open), open)
      const taken = yield* refusal(platform.PutApplication({ ...open, worker: ids.business }))
      assert.strictEqual(taken, "application_taken")
    }),
  WhoAmI: ({ business, engineer, ids, platform }) =>
    Effect.gen(function* () {
      const me = yield* business.WhoAmI({})
      assert.deepInclude(me, { userId: ids.business, role: "business" })
      assert.isAbove(Date.parse(me.expiresAt), Date.now())
      assert.strictEqual((yield* platform.WhoAmI({})).role, "service")
      assert.strictEqual((yield* engineer.WhoAmI({})).role, "engineer")
    }),
  StartConversation: ({ business, conversation, ids, worker }) =>
    Effect.gen(function* () {
      const again = yield* worker.StartConversation({ applicationId: ids.application })
      assert.isFalse(again.created)
      assert.strictEqual(again.conversation.id, conversation())
      const unknown = yield* refusal(business.StartConversation({ applicationId: "none" }))
      assert.strictEqual(unknown, "application_required")
    }),
  SendMessage: ({ business, conversation, worker }) =>
    Effect.gen(function* () {
      const message = {
        conversationId: conversation(),
        clientMessageId: clientMessageId(),
        text: "hello 👩‍👩‍👧‍👦",
        metadata: { colour: "red" }
      }
      const sent = yield* business.SendMessage(message)
      assert.deepInclude(sent, { repeat: false, seq: 1, clientMessageId: message.clientMessageId })
      const again = yield* business.SendMessage(message)
      assert.deepStrictEqual({ ...again, token: "" }, { ...sent, repeat: true, token: "" })
      const other = yield* refusal(business.SendMessage({ ...message, text: "something else" }))
      assert.strictEqual(other, "key_reused")
      const long = yield* Effect.flip(business.SendMessage({ ...message, text: "x".repeat(5_001) }))
      assert.strictEqual(long._tag, "invalid_request")
      if (long._tag === "invalid_request") assert.deepStrictEqual(long.errors[0]?.path, ["text"])
      token = (yield* worker.SendMessage({
        conversationId: conversation(),
        clientMessageId: clientMessageId(),
        text: "an answer"
      })).token
    }),
  ListMessages: ({ business, conversation }) =>
    Effect.gen(function* () {
      const conversationId = conversation()
      const page = yield* fresh(business.ListMessages({ conversationId, position: token, limit: 1 }))
      assert.isTrue(page.hasEarlier)
      const [newest] = page.messages
      assert.strictEqual(newest?.text, "an answer")
      const before = newest?.id ?? messageId(conversationId, 1)
      const { messages } = yield* business.ListMessages({ conversationId, before })
      assert.deepStrictEqual(
        messages.map(({ text, metadata }) => ({ text, metadata })),
        [{ text: "hello 👩‍👩‍👧‍👦", metadata: { colour: "red" } }]
      )
      const two = yield* refusal(business.ListMessages({ conversationId, before: 1, after: 1 }))
      assert.strictEqual(two, "invalid_request")
    }),
  ListConversations: ({ conversation, worker }) =>
    Effect.gen(function* () {
      const { conversations, next } = yield* fresh(worker.ListConversations({ position: token }))
      assert.deepStrictEqual(
        conversations.map(({ id, messageCount }) => ({ id, messageCount })),
        [{ id: conversation(), messageCount: 2 }]
      )
      assert.isNull(next)
      assert.strictEqual(yield* refusal(worker.ListConversations({ cursor: "x" })), "invalid_cursor")
      assert.strictEqual(yield* refusal(worker.ListConversations({ position: "x" })), "invalid_request")
    }),
  DescribeConversation: ({ business, conversation }) =>
    Effect.gen(function* () {
      const view = yield* business.DescribeConversation({ conversationId: conversation() })
      assert.deepInclude(view, { side: "business", unreadCount: 1, messageCount: 2 })
    }),
  CountUnread: ({ conversation, worker }) =>
    Effect.gen(function* () {
      const conversationId = conversation()
      assert.deepStrictEqual(yield* worker.CountUnread({ conversationId }), { unreadCount: 1 })
      const total = yield* fresh(worker.CountUnread({ position: token }))
      assert.deepStrictEqual(total, { unreadCount: 1 })
    }),
  SeePresence: ({ business, ids }) =>
    Effect.gen(function* () {
      const presence = yield* business.SeePresence({ userId: ids.worker })
      assert.deepInclude(presence, { userId: ids.worker, online: false })
      assert.strictEqual(yield* refusal(business.SeePresence({ userId: "stranger" })), "person_not_found")
    }),
  MarkDelivered: ({ conversation, worker }) =>
    Effect.gen(function* () {
      const conversationId = conversation()
      const marked = yield* worker.MarkDelivered({ conversationId, upTo: 2 })
      assert.isTrue(marked.changed)
      const again = yield* worker.MarkDelivered({ conversationId, upTo: messageId(conversationId, 2) })
      assert.deepInclude(again, { changed: false, pos: null })
      const far = yield* refusal(worker.MarkDelivered({ conversationId, upTo: 999 }))
      assert.strictEqual(far, "message_not_found")
    }),
  MarkRead: ({ business, conversation, worker }) =>
    Effect.gen(function* () {
      const conversationId = conversation()
      const one = yield* worker.MarkRead({ conversationId, upTo: messageId(conversationId, 2) })
      assert.isTrue(one.changed)
      assert.isTrue((yield* business.MarkRead({ conversationId, upTo: "all" })).changed)
      assert.isFalse((yield* business.MarkRead({ conversationId, upTo: 3 })).changed)
      const another = messageId(ConversationId.make("6f1ce5d1-3a0b-8c4d-9e2f-0a1b2c3d4e5f"), 2)
      assert.strictEqual(
        yield* refusal(worker.MarkRead({ conversationId, upTo: another })),
        "invalid_request"
      )
    }),
  ArchiveConversation: ({ business, conversation }) =>
    Effect.gen(function* () {
      const conversationId = conversation()
      assert.isTrue((yield* business.ArchiveConversation({ conversationId })).changed)
      assert.isFalse((yield* business.ArchiveConversation({ conversationId })).changed)
    }),
  ReopenConversation: ({ conversation, worker }) =>
    Effect.gen(function* () {
      const conversationId = conversation()
      const late = yield* refusal(worker.ReopenConversation({ conversationId, basedOn: 1 }))
      assert.strictEqual(late, "conversation_moved_on")
      const reopened = yield* worker.ReopenConversation({ conversationId })
      assert.isTrue(reopened.changed)
      token = reopened.token
    }),
  SearchMessages: ({ conversation, worker }) =>
    Effect.gen(function* () {
      const all = yield* fresh(worker.SearchMessages({ q: "answer", position: token }))
      assert.lengthOf(all.messages, 1)
      const one = yield* worker.SearchMessages({ q: "answer", conversationId: conversation(), order: "rank" })
      assert.deepStrictEqual(
        one.messages.map(({ id }) => id),
        all.messages.map(({ id }) => id)
      )
      assert.strictEqual(yield* refusal(worker.SearchMessages({ q: "" })), "invalid_request")
    }),
  SearchConversations: ({ business, conversation }) =>
    Effect.gen(function* () {
      const { conversations } = yield* fresh(business.SearchConversations({ q: "Wanda", position: token }))
      assert.deepStrictEqual(
        conversations.map((found) => found.conversation.id),
        [conversation()]
      )
    }),
  ListProjections: ({ engineer }) =>
    Effect.gen(function* () {
      const { projections } = yield* engineer.ListProjections({})
      assert.deepStrictEqual(
        projections.map(({ name }) => name),
        ["history", "inbox", "search", "unread"]
      )
    }),
  DescribeProjection: ({ engineer, projection }) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* engineer.DescribeProjection({ name: projection })).name, projection)
      assert.strictEqual(yield* refusal(engineer.DescribeProjection({ name: "none" })), "unknown_projection")
    }),
  RollBackProjection: ({ engineer, projection }) =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refusal(engineer.RollBackProjection({ name: projection, keepHours: 1 })),
        "nothing_to_roll_back_to"
      )
    }),
  PauseBuild: ({ engineer, projection }) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* refusal(engineer.PauseBuild({ name: projection })), "nothing_to_change")
    }),
  RebuildProjection: ({ engineer, projection }) =>
    Effect.gen(function* () {
      yield* Effect.promise(() => pausedBuild(world().database, projection))
      const second = yield* refusal(
        engineer.RebuildProjection({ name: projection, maxRate: 10, keepHours: 1 })
      )
      assert.strictEqual(second, "build_in_progress")
    }),
  VerifyProjection: ({ engineer, projection }) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* refusal(engineer.VerifyProjection({ name: projection })), "build_in_progress")
    }),
  ThrottleBuild: ({ engineer, projection }) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* engineer.ThrottleBuild({ name: projection, maxRate: 10 })).maxRate, 10)
    }),
  CancelBuild: ({ engineer, projection }) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* engineer.CancelBuild({ name: projection })).state, "cancelling")
    }),
  ResumeBuild: ({ engineer, projection }) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* refusal(engineer.ResumeBuild({ name: projection })), "nothing_to_change")
    }),
  ListParked: ({ conversation, engineer, projection }) =>
    Effect.gen(function* () {
      const stream = `conversation-${conversation()}`
      yield* Effect.promise(() => parkedStream(world().database, projection, stream))
      const { parked } = yield* engineer.ListParked({ name: projection })
      assert.deepStrictEqual(
        parked.map(({ streamId }) => streamId),
        [stream]
      )
    }),
  RetryParked: ({ engineer, projection }) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* engineer.RetryParked({ name: projection }), { asked: 1 })
      const streamId = "conversation-none"
      assert.strictEqual(yield* refusal(engineer.RetryParked({ name: projection, streamId })), "not_parked")
    }),
  ReadEvents: ({ conversation, engineer }) =>
    Effect.gen(function* () {
      const stream = `conversation-${conversation()}`
      const { events } = yield* engineer.ReadEvents({ stream, limit: 2 })
      assert.deepStrictEqual(
        events.map(({ type }) => type),
        ["ConversationStarted", "TextSent"]
      )
      assert.strictEqual(events[1]?.client, "rpc")
      assert.strictEqual(yield* refusal(engineer.ReadEvents({})), "invalid_request")
    }),
  SignOutUser: ({ ids, platform }) =>
    Effect.gen(function* () {
      assert.isNull(yield* platform.SignOutUser({ id: ids.worker }))
      assert.strictEqual(yield* refusal(platform.SignOutUser({ id: "nobody" })), "user_not_found")
    })
}

describe("a page of another origin", () => {
  it("may send what the client sends", async () => {
    const sent = new Set<string>()
    const fetching: typeof fetch = (url, init) => {
      for (const name of new Headers(init?.headers).keys()) sent.add(name)
      return fetch(url, init)
    }
    const calls = await callers.overHttp(await world().signIn("platform", "service"))
    await Effect.runPromise(Effect.provideService(calls.WhoAmI({}), FetchHttpClient.Fetch, fetching))
    assert.include([...sent], "authorization")
    const { headers } = await fetch(`${world().origin}/rpc`, {
      method: "OPTIONS",
      headers: {
        origin: page,
        "access-control-request-method": "POST",
        "access-control-request-headers": [...sent].join()
      }
    })
    assert.strictEqual(headers.get("access-control-allow-origin"), page)
    const allowed = (headers.get("access-control-allow-headers") ?? "").toLowerCase().split(", ")
    for (const name of sent) assert.include(allowed, name)
  })
})

describe.each([
  { transport: "HTTP", connect: callers.overHttp, projection: "history" },
  { transport: "WebSocket", connect: callers.overWebSocket, projection: "unread" }
])("every call over $transport", ({ connect, projection }) => {
  let scene: Scene | undefined

  beforeAll(async () => {
    const { applicationId, userIds } = await world().pair()
    await world().put("grace", { role: "engineer" })
    const of = async (userId: string, role?: "service"): Promise<HttpCalls> =>
      connect(await world().signIn(userId, role))
    const business = await of(userIds.business)
    const { conversation } = await Effect.runPromise(business.StartConversation({ applicationId }))
    scene = {
      business,
      worker: await of(userIds.worker),
      platform: await of("platform", "service"),
      engineer: await of("grace"),
      ids: { ...userIds, application: applicationId },
      projection,
      conversation: () => conversation.id
    }
  })

  it("is in the table below", () => {
    assert.sameMembers(Object.keys(steps), [...indelibleRpcs.requests.keys()])
  })

  it.each(Object.entries(steps))("%s", async (_method, step) => {
    if (scene === undefined) throw new Error("not set up")
    await Effect.runPromise(step(scene))
  })
})

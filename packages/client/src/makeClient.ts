import { Clock, Effect, Fiber, type Scope } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { Cell } from "./Cell.ts"
import type { Client, ClientOptions } from "./Client.ts"
import { ClientError } from "./ClientError.ts"
import type { Conversation } from "./Conversation.ts"
import { type AskFailure, noLine } from "./connection/AskFailure.ts"
import { type Connection, makeConnection } from "./connection/Connection.ts"
import type { Line } from "./connection/Line.ts"
import { Tokens } from "./connection/Tokens.ts"
import { Conversations } from "./conversations/Conversations.ts"
import { conversationView } from "./conversations/ConversationViews.ts"
import { Drafts } from "./conversations/Drafts.ts"
import { Watching } from "./conversations/Watching.ts"
import { heldFromView } from "./held/FromViews.ts"
import type { HeldConversation } from "./held/HeldConversation.ts"
import { trimmed } from "./held/Tail.ts"
import { Lister } from "./inbox/Lister.ts"
import { Opened } from "./open/Opened.ts"
import { Outbox } from "./outbox/Outbox.ts"
import { sendWaiting } from "./outbox/SendWaiting.ts"
import type { Platform } from "./Platform.ts"
import { Rest } from "./rest/Rest.ts"
import { Service } from "./rest/Service.ts"
import { keepCache, MOST_CONVERSATIONS, MOST_ENTRIES, readCache } from "./sync/Cache.ts"
import { acknowledge } from "./sync/Deliveries.ts"
import { Fetching } from "./sync/Fetching.ts"
import { hearing } from "./sync/Hearing.ts"
import { Others } from "./sync/Others.ts"
import { Reading } from "./sync/Reading.ts"
import { resume } from "./sync/Resume.ts"

/** Milliseconds that the store may take before the client goes on without what it keeps. */
const STORE = 5_000
/** Times that what is missing is asked for again on one line. */
const AGAIN = 5

/** Entries of a conversation that nobody looks at, in memory. */
const MOST_IN_MEMORY = 5 * MOST_ENTRIES

/** What may be otherwise in a moment. */
const isForNow = (code: string) =>
  ["offline", "timed_out", "unavailable", "overloaded", "busy", "not_yet_fresh"].includes(code)

/** Puts the parts together: what comes in, what goes out, and what is shown of both. */
export const makeClient = Effect.fnUntraced(function* (
  { token, userId }: ClientOptions,
  { origin, store, surroundings, tabs }: Platform,
  /** Ends all of it. */
  end: () => Promise<void>
): Effect.fn.Return<Client, never, Scope.Scope | SecureRandom> {
  const scope = yield* Effect.scope
  const context = yield* Effect.context<never>()
  const clock = yield* Clock.Clock
  const random = yield* SecureRandom
  const now = () => clock.currentTimeMillisUnsafe()
  const fork = (effect: Effect.Effect<void>): void => {
    Effect.runForkWith(context)(Effect.forkIn(effect, scope))
  }
  const closing = new AbortController()
  const run = async <A>(effect: Effect.Effect<A, ClientError>): Promise<A> => {
    try {
      return await Effect.runPromiseWith(context)(effect, { signal: closing.signal })
    } catch (error) {
      throw closing.signal.aborted ? new ClientError("closed", "the client was closed") : error
    }
  }

  const tokens = new Tokens(token)
  const service = new Service(new Rest(origin, tokens))
  const conversations = new Conversations()
  const fetching = new Fetching(service, conversations)
  const touch = (id: string) => conversations.touch(id)
  const touchNow = (id: string) => conversations.touchNow(id)
  const outbox = new Outbox(store, tabs, touchNow)
  const drafts = new Drafts(store, tabs, touchNow)
  const others = new Others(store)
  const unread = new Cell(0)
  const views = new Map<string, Conversation>()
  const opened = new Set<Opened>()
  // What the connection needs knows the connection: it is there before the first of it is called.
  let connection: Connection | undefined
  const ask: Connection["ask"] = (frame) =>
    Effect.suspend(() => connection?.ask(frame) ?? Effect.fail(noLine))
  const tell: Connection["tell"] = (frame) => Effect.suspend(() => connection?.tell(frame) ?? Effect.void)
  const watching = new Watching(tell, (id) => conversations.pass(id, { presence: undefined, typingUntil: 0 }))
  const reading = new Reading(ask)
  const deliveries = yield* acknowledge(ask)

  const house = { conversations, fetching }
  const resuming = new Set<string>()
  let catchingUp = false
  /** Missed something while all were being resumed: most of it comes in its turn, and the rest is asked for. */
  const missed = new Set<string>()
  const resumeOne = (id: string) => {
    if (catchingUp) missed.add(id)
    if (catchingUp || resuming.has(id)) return
    resuming.add(id)
    fork(
      resume(house, ask, [id], false).pipe(
        Effect.retry({
          times: AGAIN,
          while: ({ _tag }) => (_tag === "LineLost" ? false : Effect.as(Effect.sleep(1_000), true))
        }),
        // The line is gone: the next one resumes everything.
        Effect.ignore,
        Effect.ensuring(Effect.sync(() => resuming.delete(id)))
      )
    )
  }
  const fetched = new Set<string>()
  const fetchOne = (id: string) => {
    if (fetched.has(id)) return
    fetched.add(id)
    fork(
      fetching.get(id).pipe(
        Effect.retry({
          times: AGAIN,
          while: ({ code }) => (isForNow(code) ? Effect.as(Effect.sleep(1_000), true) : false)
        }),
        Effect.tap(() => Effect.sync(() => resumeOne(id))),
        Effect.ignore,
        Effect.ensuring(Effect.sync(() => fetched.delete(id)))
      )
    )
  }

  const heard = hearing({
    userId,
    conversations,
    outbox,
    unread,
    deliveries,
    types: (id, millis) => {
      const { typingUntil } = conversations.passing(id)
      if (millis === 0 && typingUntil === 0) return
      conversations.pass(id, { typingUntil: millis === 0 ? 0 : now() + millis })
      if (millis > 0)
        fork(
          Effect.andThen(
            Effect.sleep(millis + 20),
            Effect.sync(() => touch(id))
          )
        )
    },
    gap: resumeOne,
    unknown: fetchOne,
    incomplete: (id) => fork(Effect.ignore(fetching.refresh(id))),
    marked: (id, mark) => {
      for (const one of opened) if (one.id === id) one.marked(mark)
    }
  })

  const listing = {
    service,
    conversations,
    store,
    begun: (ids: ReadonlyArray<string>) => Effect.ignore(resume(house, ask, ids, false)),
    run
  }
  const inbox = new Lister("active", listing)
  const archive = new Lister("archived", listing)

  let wasOnline = false

  /** What this device shows of unread messages, it has got, by whatever way it came. */
  const tellDelivered = ({ id, lastMessage, unreadCount }: HeldConversation) => {
    if (unreadCount > 0 && lastMessage !== null) deliveries.has(id, lastMessage.pos)
  }

  const restored = yield* Effect.forkScoped(
    Effect.ignore(
      Effect.tryPromise(async () => {
        const gathered = conversations.gather()
        try {
          // The outbox is what must not be lost; the rest can be fetched again.
          await outbox.reload()
          await drafts.reload()
          const whole = await readCache(store, conversations)
          if (whole && conversations.size < MOST_CONVERSATIONS) await inbox.restore()
          await others.restore()
          unread.set([...conversations.all].reduce((sum, { unreadCount }) => sum + unreadCount, 0))
        } finally {
          gathered()
        }
      })
    )
  )

  const catchUp = (line: Line): Effect.Effect<void, AskFailure> =>
    Effect.gen(function* () {
      yield* Effect.ignore(Effect.timeout(Fiber.join(restored), STORE))
      watching.forget()
      missed.clear()
      const gathered = conversations.gather()
      catchingUp = true
      yield* Effect.gen(function* () {
        if (!inbox.isLoaded) yield* Effect.ignore(inbox.load)
        const all = [...conversations.all].map(({ id }) => id)
        const elsewhere = yield* resume(house, line.ask, all, true)
        for (const id of yield* others.changed(elsewhere)) missed.add(id)
      }).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            catchingUp = false
            gathered()
          })
        )
      )
      for (const held of conversations.all) tellDelivered(held)
      yield* Effect.forkIn(makeUp, scope)
      yield* Effect.forkIn(reading.again, scope)
      yield* Effect.forkIn(watching.settle, scope)
      if (archive.get().error !== null) archive.more().catch(() => {})
      // Read anew: another tab may have written while this one had no store, or no line.
      yield* Effect.ignore(Effect.tryPromise(() => outbox.reload()))
      for (const id of outbox.waiting) send(id)
    })

  /** Everything up to now is here, but for a few that are fetched while one looks at the others. */
  const makeUp = Effect.suspend(() => {
    const [known, unknown] = [[...missed].filter((id) => conversations.get(id)), [...missed]]
    missed.clear()
    for (const id of known) resumeOne(id)
    const get = (id: string) => Effect.ignore(fetching.get(id))
    const fresh = unknown.filter((id) => conversations.get(id) === undefined)
    return Effect.andThen(
      Effect.forEach(fresh, get, { concurrency: 4, discard: true }),
      Effect.ignore(resume(house, ask, fresh, false))
    )
  })

  connection = yield* makeConnection({
    url: `${origin.replace(/^http/, "ws")}/ws`,
    userId,
    tokens,
    surroundings,
    heard,
    catchUp
  })
  const { connectNow, state } = connection
  const send = yield* sendWaiting(outbox, connection, tabs, (id) => conversations.get(id)?.pos ?? 0)
  const cache = yield* keepCache(store, conversations)

  const view = (id: string): Conversation | undefined => views.get(id)
  const show = (changed: ReadonlySet<string>) => {
    for (const id of changed) {
      let held = conversations.get(id)
      if (held !== undefined && !watching.isOpen(id) && held.tail.length > MOST_IN_MEMORY) {
        held = trimmed(held, MOST_ENTRIES)
        conversations.put(held)
      }
      if (held === undefined) views.delete(id)
      else {
        outbox.settleUpTo(id, held.pos)
        if (wasOnline) tellDelivered(held)
        const passing = conversations.passing(id)
        const isAnswered = (name: string) => outbox.isAnswered(name)
        const unsent = outbox.of(id)
        views.set(
          id,
          conversationView({ held, passing, unsent, isAnswered, draft: drafts.of(id), now: now() })
        )
      }
    }
    const before = inbox.get().conversations
    const shown = inbox.show(views.values())
    archive.show(views.values())
    if (shown !== before) {
      watching.newest = shown.map(({ id }) => id)
      fork(watching.settle)
    }
    for (const one of opened) if (changed.has(one.id)) one.refresh()
  }
  conversations.listen(show)

  const stopState = state.subscribe(() => {
    const isOnline = state.get().status === "online"
    // Who was there is not known without a line.
    if (wasOnline && !isOnline) conversations.forgetPassing()
    if (isOnline) for (const one of opened) one.connected()
    wasOnline = isOnline
  })
  const stopAttending = surroundings.subscribe(() => {
    if (!surroundings.isAttended()) drafts.flush()
    else for (const one of opened) one.attend()
  })

  tabs.listen((message) => {
    switch (message.about) {
      case "outbox":
        if (message.gone !== null) outbox.discardedElsewhere(message.gone)
        // What cannot be read now is read when it is sent.
        return void outbox.reload().then(
          () => outbox.waiting.forEach(send),
          () => {}
        )
      case "draft":
        return void drafts.reload().catch(() => {})
      case "signed-out":
        return void stop().then(store.close)
    }
  })

  /** Ends everything but the store, which nothing of this client writes to from then on. */
  const stop = async () => {
    closing.abort()
    stopState()
    stopAttending()
    drafts.stop()
    for (const one of [...opened]) one.close()
    await end()
    tabs.close()
  }

  const close = async () => {
    if (closing.signal.aborted) return
    drafts.flush()
    await Effect.runPromiseWith(context)(cache.flush)
    await stop()
    await store.close()
  }

  const signOut = async () => {
    if (closing.signal.aborted) return
    tabs.tell({ about: "signed-out" })
    await stop()
    conversations.forgetAll()
    try {
      await store.clear()
    } catch (cause) {
      throw new ClientError("storage_failed", "this device still has what it kept", { cause })
    } finally {
      await store.close()
    }
  }

  const openHouse = {
    conversations,
    view,
    outbox,
    drafts,
    service,
    fetching,
    reading,
    tell,
    sendWaiting: send,
    isAttended: surroundings.isAttended,
    isOnline: () => state.get().status === "online",
    isClosed: () => closing.signal.aborted,
    now,
    newClientMessageId: () => Effect.runSync(random.uuidV4()),
    run,
    closed: (one: Opened) => {
      if (!opened.delete(one)) return
      watching.close(one.id)
      if (!closing.signal.aborted) fork(watching.settle)
    }
  }

  return {
    userId,
    connection: state,
    inbox,
    archive,
    unread,
    unsent: outbox.unsent,
    connectNow,
    open: (id) => {
      const one = new Opened(id, openHouse)
      opened.add(one)
      watching.open(id)
      fork(watching.settle)
      one.begin()
      return one
    },
    start: async (applicationId) => {
      const started = await run(service.start(applicationId))
      if (conversations.get(started.id) === undefined) {
        conversations.put(heldFromView(started))
        resumeOne(started.id)
      }
      conversations.tell()
      const shown = view(started.id)
      if (shown === undefined) throw new ClientError("internal_error", "the conversation is not there")
      return shown
    },
    searchConversations: async (query) => {
      const { conversations: found, next } = await run(service.searchConversations(query))
      const shown = found.map(({ conversation, message, name }) => {
        const held = conversations.get(conversation.id) ?? heldFromView(conversation)
        const passing = conversations.passing(held.id)
        const parts = { held, passing, unsent: outbox.of(held.id), draft: drafts.of(held.id), now: now() }
        const isAnswered = (name: string) => outbox.isAnswered(name)
        return { conversation: conversationView({ ...parts, isAnswered }), message, name }
      })
      return { conversations: shown, next }
    },
    searchMessages: (query) => run(service.searchMessages(query)),
    close,
    signOut
  }
})

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
import { resume } from "./sync/Resume.ts"

/** Milliseconds without a line after which a list that is not whole is looked at again: there is a limit on lists. */
const AWAY = 60_000

/** Entries of a conversation that nobody looks at, in memory. */
const MOST_IN_MEMORY = 5 * MOST_ENTRIES

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
  const outbox = new Outbox(store, tabs, touch)
  const drafts = new Drafts(store, tabs, touch)
  const unread = new Cell(0)
  const views = new Map<string, Conversation>()
  const opened = new Set<Opened>()
  // What the connection needs knows the connection: it is there before the first of it is called.
  let connection: Connection | undefined
  const ask: Connection["ask"] = (frame) =>
    Effect.suspend(() => connection?.ask(frame) ?? Effect.fail(noLine))
  const tell: Connection["tell"] = (frame) => Effect.suspend(() => connection?.tell(frame) ?? Effect.void)
  const watching = new Watching(tell)
  const deliveries = yield* acknowledge(ask)

  const house = { conversations, fetching }
  const resuming = new Set<string>()
  let catchingUp = false
  const resumeOne = (id: string) => {
    // All of them are being resumed: what came too early comes again.
    if (catchingUp || resuming.has(id)) return
    resuming.add(id)
    fork(
      resume(house, ask, [id], false).pipe(
        // The line is gone, or has no answer: the next one resumes everything.
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

  /** What this device has of unread messages, it has got. */
  const acknowledgeAll = () => {
    for (const { id, lastMessage, unreadCount } of conversations.all) {
      if (unreadCount > 0 && lastMessage !== null && !lastMessage.mine) deliveries.has(id, lastMessage.pos)
    }
  }

  let wasOnline = false
  /** When the last connection was lost. */
  let onlineAt = 0

  const restored = yield* Effect.forkScoped(
    Effect.ignore(
      Effect.tryPromise(async () => {
        const gathered = conversations.gather()
        try {
          // The outbox is what must not be lost; the rest can be fetched again.
          await outbox.reload()
          await drafts.reload()
          await readCache(store, conversations)
          if (conversations.size < MOST_CONVERSATIONS) await inbox.restore()
          unread.set([...conversations.all].reduce((sum, { unreadCount }) => sum + unreadCount, 0))
        } finally {
          gathered()
        }
      })
    )
  )

  const catchUp = (line: Line): Effect.Effect<void, AskFailure> =>
    Effect.gen(function* () {
      yield* Fiber.join(restored)
      watching.forget()
      const gathered = conversations.gather()
      catchingUp = true
      yield* Effect.gen(function* () {
        if (!inbox.isLoaded) yield* Effect.ignore(inbox.load)
        else if (!inbox.isWhole && now() - onlineAt > AWAY) yield* Effect.ignore(inbox.look)
        const all = [...conversations.all].map(({ id }) => id)
        const others = yield* resume(house, line.ask, all, true)
        if (inbox.isWhole) {
          const get = ({ conversationId }: (typeof others)[number]) =>
            Effect.ignore(fetching.get(conversationId))
          yield* Effect.forEach(others, get, { concurrency: 4, discard: true })
        }
      }).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            catchingUp = false
            gathered()
          })
        )
      )
      acknowledgeAll()
      yield* Effect.forkIn(watching.settle, scope)
      for (const one of opened) one.connected()
      if (archive.get().error !== null) archive.more()
      for (const id of outbox.waiting) send(id)
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
    if (wasOnline && !isOnline) {
      conversations.forgetPassing()
      onlineAt = now()
    }
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
        return void finish()
    }
  })

  /** Without a last word to the store: after a sign-out nothing may be written. */
  const finish = async () => {
    if (closing.signal.aborted) return
    closing.abort()
    stopState()
    stopAttending()
    for (const one of [...opened]) one.close()
    await end()
    tabs.close()
    await store.close()
  }

  const close = async () => {
    if (closing.signal.aborted) return
    drafts.flush()
    await Effect.runPromiseWith(context)(cache.flush)
    await finish()
  }

  const openHouse = {
    conversations,
    view,
    outbox,
    drafts,
    service,
    fetching,
    ask,
    tell,
    sendWaiting: send,
    isAttended: surroundings.isAttended,
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
    signOut: async () => {
      tabs.tell({ about: "signed-out" })
      drafts.flush()
      await store.clear()
      conversations.forgetAll()
      await finish()
    }
  }
})

import { Effect, Option, Schema, type Scope } from "effect"
import type { Conversations } from "../conversations/Conversations.ts"
import { HeldConversation } from "../held/HeldConversation.ts"
import { trimmed } from "../held/Tail.ts"
import type { Change, ClientStore } from "../store/ClientStore.ts"

/** Conversations that are kept, the newest first, and entries of each. */
export const MOST_CONVERSATIONS = 300
export const MOST_ENTRIES = 100
/** Milliseconds that changes gather before they are kept. */
const PAUSE = 300

const decode = Schema.decodeUnknownOption(HeldConversation)
const encode = Schema.encodeSync(HeldConversation)

/** How a conversation is kept. */
export const asKept = (held: HeldConversation): Change => ({
  collection: "conversations",
  key: held.id,
  value: encode(trimmed(held, MOST_ENTRIES))
})

/** What was kept. Answers whether that was all: what this program cannot read any more is forgotten and asked for anew. */
export const readCache = async (store: ClientStore, conversations: Conversations): Promise<boolean> => {
  const unreadable: Array<Change> = []
  for (const [key, value] of await store.entries("conversations")) {
    const held = Option.getOrUndefined(decode(value))
    if (held === undefined) unreadable.push({ collection: "conversations", key, value: undefined })
    else if (conversations.get(held.id) === undefined) conversations.put(held)
  }
  await store.write(unreadable)
  return unreadable.length === 0
}

/**
 * Keeps what changes, and no more than so much. It is only a cache: one that lags or fails makes the next start fetch
 * more, since its place in the record is kept with it.
 */
export const keepCache = Effect.fnUntraced(function* (
  store: ClientStore,
  conversations: Conversations
): Effect.fn.Return<{ readonly flush: Effect.Effect<void> }, never, Scope.Scope> {
  const unkept = new Set<string>()
  /** What the store has of each; undefined: a write failed, it may have anything. */
  const kept = new Map<string, HeldConversation | undefined>()

  const changes = () => {
    const newest = new Set(
      [...conversations.all]
        .sort((a, b) => (a.lastActivityAt < b.lastActivityAt ? 1 : -1))
        .slice(0, MOST_CONVERSATIONS)
        .map(({ id }) => id)
    )
    // Who types and who is there changes often, and is not kept.
    const different = [...unkept].filter(
      (key) => kept.get(key) === undefined || kept.get(key) !== conversations.get(key)
    )
    const left = [...kept.keys()].filter((key) => !newest.has(key))
    return new Map(
      [...different, ...left].map((key) => [key, newest.has(key) ? conversations.get(key) : undefined])
    )
  }

  const asChange = ([key, held]: readonly [string, HeldConversation | undefined]): Change =>
    held === undefined ? { collection: "conversations", key, value: undefined } : asKept(held)

  const flush = Effect.suspend(() => {
    if (unkept.size === 0) return Effect.void
    const all = changes()
    unkept.clear()
    for (const [key, held] of all) {
      if (held === undefined) kept.delete(key)
      else kept.set(key, held)
    }
    if (all.size === 0) return Effect.void
    return Effect.catch(
      Effect.tryPromise(() => store.write([...all].map(asChange))),
      () =>
        Effect.sync(() => {
          for (const key of all.keys()) kept.set(key, undefined)
        })
    )
  })

  const stop = conversations.listen((changed) => {
    for (const id of changed) unkept.add(id)
  })
  yield* Effect.addFinalizer(() => Effect.sync(stop))
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(PAUSE), flush)))
  return { flush }
})

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

/** What was kept; what this program cannot read any more is asked for anew. */
export const readCache = async (store: ClientStore, conversations: Conversations): Promise<void> => {
  for (const [, value] of await store.entries("conversations")) {
    const held = Option.getOrUndefined(decode(value))
    if (held !== undefined && conversations.get(held.id) === undefined) conversations.put(held)
  }
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
  const kept = new Set<string>()

  const changes = (): ReadonlyArray<Change> => {
    const newest = new Set(
      [...conversations.all]
        .sort((a, b) => (a.lastActivityAt < b.lastActivityAt ? 1 : -1))
        .slice(0, MOST_CONVERSATIONS)
        .map(({ id }) => id)
    )
    const written = [...unkept].map((key): Change => {
      const held = newest.has(key) ? conversations.get(key) : undefined
      const value = held === undefined ? undefined : encode(trimmed(held, MOST_ENTRIES))
      return { collection: "conversations", key, value }
    })
    const left = [...kept].filter((key) => !newest.has(key))
    return [
      ...written,
      ...left.map((key): Change => ({ collection: "conversations", key, value: undefined }))
    ]
  }

  const flush = Effect.suspend(() => {
    if (unkept.size === 0) return Effect.void
    const all = changes()
    unkept.clear()
    for (const { key, value } of all) {
      if (value === undefined) kept.delete(key)
      else kept.add(key)
    }
    return Effect.ignore(Effect.tryPromise(() => store.write(all)))
  })

  const stop = conversations.listen((changed) => {
    for (const id of changed) unkept.add(id)
  })
  yield* Effect.addFinalizer(() => Effect.sync(stop))
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(PAUSE), flush)))
  return { flush }
})

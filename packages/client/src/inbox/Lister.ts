import { Effect, Schema } from "effect"
import { Cell } from "../Cell.ts"
import type { ConversationLister } from "../Client.ts"
import type { ClientError } from "../ClientError.ts"
import type { Conversation, ConversationList } from "../Conversation.ts"
import type { Conversations } from "../conversations/Conversations.ts"
import { heldFromView } from "../held/FromViews.ts"
import type { Service } from "../rest/Service.ts"
import type { ClientStore } from "../store/ClientStore.ts"
import { asKept } from "../sync/Cache.ts"

export interface ListerHouse {
  readonly service: Pick<Service, "list">
  readonly conversations: Conversations
  readonly store: ClientStore
  /** From here on these are held. */
  readonly begun: (ids: ReadonlyArray<string>) => Effect.Effect<void>
  readonly run: (effect: Effect.Effect<void>) => Promise<void>
}

const Kept = Schema.Struct({ next: Schema.NullOr(Schema.String) })
const isKept = Schema.is(Kept)

const sameMembers = (a: ReadonlyArray<Conversation>, b: ReadonlyArray<Conversation>) =>
  a.length === b.length && a.every((conversation, index) => conversation === b[index])

/** The active or the archived conversations, as far as they were loaded, and those that came by themselves. */
export class Lister implements ConversationLister {
  readonly #house: ListerHouse
  readonly #status: "active" | "archived"
  readonly #cell = new Cell<ConversationList>({
    conversations: [],
    hasMore: true,
    loading: "first",
    error: null
  })
  /** Cursor of what comes next; undefined: nothing was loaded; null: that was all. */
  #next: string | null | undefined
  #loading: Promise<void> | undefined

  constructor(status: "active" | "archived", house: ListerHouse) {
    this.#house = house
    this.#status = status
  }

  readonly get = () => this.#cell.get()

  readonly subscribe = (listener: () => void): (() => void) => {
    // The archive is read when somebody looks at it, and not before.
    // What fails shows in the list.
    if (this.#status === "archived" && this.#next === undefined) this.more().catch(() => {})
    return this.#cell.subscribe(listener)
  }

  /** Whether every conversation of this kind is here. */
  get isWhole(): boolean {
    return this.#next === null
  }

  get isLoaded(): boolean {
    return this.#next !== undefined
  }

  /** What was loaded in an earlier life, and is in the cache. */
  async restore(): Promise<void> {
    const kept = new Map(await this.#house.store.entries("about")).get(this.#status)
    if (!isKept(kept)) return
    this.#next = kept.next
    this.#change({ hasMore: kept.next !== null, loading: "idle" })
  }

  readonly more = (): Promise<void> => {
    if (this.#next === null) return Promise.resolve()
    this.#loading ??= this.#house.run(Effect.catch(this.load, () => Effect.void)).finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  /** The next page, or the first. What failed shows in the list. */
  readonly load: Effect.Effect<void, ClientError> = Effect.gen({ self: this }, function* () {
    const { begun, conversations, service, store } = this.#house
    this.#change({ loading: this.isLoaded ? "more" : "first", error: null })
    const page = yield* service.list(this.#status, this.#next ?? undefined)
    const fresh = page.conversations.filter(({ id }) => conversations.get(id) === undefined)
    for (const view of page.conversations) {
      const { id, other } = view
      if (conversations.get(id) === undefined) conversations.put(heldFromView(view))
      else conversations.update(id, (held) => ({ ...held, other }))
    }
    this.#next = page.next
    // Together: a cursor behind conversations that are not kept would leave a hole in the next life's list.
    const about = { collection: "about", key: this.#status, value: { next: page.next } } as const
    const kept = fresh.flatMap(({ id }) => conversations.get(id) ?? []).map(asKept)
    yield* Effect.ignore(Effect.tryPromise(() => store.write([about, ...kept])))
    yield* begun(fresh.map(({ id }) => id))
    conversations.tell()
    this.#change({ hasMore: page.next !== null, loading: "idle" })
  }).pipe(
    Effect.tapError((error) => Effect.sync(() => this.#change({ error, loading: "idle" }))),
    // Cut short, a first page was not loaded: an idle empty list would say that there is none.
    Effect.onInterrupt(() => Effect.sync(() => this.#change({ loading: this.isLoaded ? "idle" : "first" })))
  )

  #change(change: Partial<ConversationList>) {
    this.#cell.set({ ...this.#cell.get(), ...change })
  }

  /** Shows what there is of it now. */
  show(all: Iterable<Conversation>): ReadonlyArray<Conversation> {
    const conversations = [...all]
      .filter(({ status }) => (status === "ACTIVE") === (this.#status === "active"))
      .sort((a, b) =>
        a.lastActivityAt < b.lastActivityAt ? 1 : a.lastActivityAt > b.lastActivityAt ? -1 : 0
      )
    if (!sameMembers(conversations, this.#cell.get().conversations)) this.#change({ conversations })
    return conversations
  }
}

import { Option, Schema } from "effect"
import { Cell } from "../Cell.ts"
import type { Change, ClientStore } from "../store/ClientStore.ts"
import type { Tabs } from "../tabs/Tabs.ts"
import { isFinal, OutboxEntry } from "./OutboxEntry.ts"

const decode = Schema.decodeUnknownOption(OutboxEntry)
const encode = Schema.encodeSync(OutboxEntry)

/** How many names of settled messages are kept, so that a reading of the store that began before is not believed. */
const REMEMBERED = 1_000

/**
 * What one wrote and the service does not have on record yet. The store holds the truth, for all tabs; here is what this
 * tab knows of it. `changed` is told whose conversation looks different.
 */
export class Outbox {
  readonly #store: ClientStore
  readonly #tabs: Tabs
  readonly #changed: (conversationId: string) => void
  #entries: ReadonlyArray<OutboxEntry> = []
  /** On record, but its event did not come yet: it still shows, and is not sent again. */
  readonly #answered = new Map<string, number>()
  #lastOrder = 0
  readonly #settled = new Set<string>()
  /** Of each reading of the store that is under way: what was kept since it began, and may not be in it. */
  readonly #readings = new Set<Set<string>>()
  readonly unsent = new Cell(0)

  constructor(store: ClientStore, tabs: Tabs, changed: (conversationId: string) => void) {
    this.#store = store
    this.#tabs = tabs
    this.#changed = changed
  }

  of(conversationId: string): ReadonlyArray<OutboxEntry> {
    return this.#entries.filter((entry) => entry.conversationId === conversationId)
  }

  find(clientMessageId: string): OutboxEntry | undefined {
    return this.#entries.find((entry) => entry.clientMessageId === clientMessageId)
  }

  isAnswered(clientMessageId: string): boolean {
    return this.#answered.has(clientMessageId)
  }

  /** Conversations with something that goes out by itself. */
  get waiting(): ReadonlySet<string> {
    return new Set(this.#entries.flatMap(({ conversationId, failure }) => (failure ? [] : [conversationId])))
  }

  /** The next to go out; undefined: none, or a failed one is before it. */
  next(conversationId: string): OutboxEntry | undefined {
    const head = this.of(conversationId).find(
      (entry) => !isFinal(entry) && !this.#answered.has(entry.clientMessageId)
    )
    return head?.failure === null ? head : undefined
  }

  /** The place of one written now: behind all others, also of the same millisecond, or when the clock was set back. */
  nextOrder(now: number): number {
    this.#lastOrder = this.#entries.reduce(
      (most, { order }) => Math.max(most, order + 1),
      Math.max(now, this.#lastOrder + 1)
    )
    return this.#lastOrder
  }

  #set(entries: ReadonlyArray<OutboxEntry>, conversations: Iterable<string>) {
    this.#entries = [...entries].sort((a, b) => a.order - b.order)
    this.unsent.set(
      this.#entries.filter(({ clientMessageId }) => !this.#answered.has(clientMessageId)).length
    )
    for (const conversationId of conversations) this.#changed(conversationId)
  }

  /** Reads what is kept, as after another tab changed it. */
  async reload(): Promise<void> {
    const newer = new Set<string>()
    this.#readings.add(newer)
    const read = await this.#store.entries("outbox").finally(() => this.#readings.delete(newer))
    const there = new Set([...newer, ...read.map(([key]) => key)])
    const kept = read
      .flatMap(([, value]) => Option.toArray(decode(value)))
      .filter(({ clientMessageId }) => !this.#settled.has(clientMessageId) && !newer.has(clientMessageId))
    // Another tab had it answered: it shows until its event comes here too.
    const elsewhere = this.#entries.filter(({ clientMessageId }) => !there.has(clientMessageId))
    for (const { clientMessageId } of elsewhere) {
      if (!this.#answered.has(clientMessageId)) this.#answered.set(clientMessageId, Number.POSITIVE_INFINITY)
    }
    const here = this.#entries.filter(({ clientMessageId }) => newer.has(clientMessageId))
    const all = [...kept, ...here, ...elsewhere]
    this.#set(all, new Set([...all, ...this.#entries].map(({ conversationId }) => conversationId)))
  }

  /** Keeps an entry as it is now; other tabs are told. */
  async keep(entry: OutboxEntry): Promise<void> {
    await this.#store.write([{ collection: "outbox", key: entry.clientMessageId, value: encode(entry) }])
    for (const newer of this.#readings) newer.add(entry.clientMessageId)
    const others = this.#entries.filter(({ clientMessageId }) => clientMessageId !== entry.clientMessageId)
    this.#set([...others, entry], [entry.conversationId])
    this.#tabs.tell({ about: "outbox", gone: null })
  }

  /** The service has it on record; its event may still be on its way. */
  async answered(clientMessageId: string, pos: number): Promise<void> {
    const entry = this.find(clientMessageId)
    if (entry === undefined) return
    this.#answered.set(clientMessageId, pos)
    this.#set(this.#entries, [entry.conversationId])
    await this.#store.write([gone(clientMessageId)])
    this.#tabs.tell({ about: "outbox", gone: null })
  }

  /** Its event is here: it shows as what it is. Answers whether it was waited for. */
  settle(clientMessageId: string): boolean {
    const entry = this.find(clientMessageId)
    if (entry === undefined) return false
    this.#forget(entry)
    // Whoever fails here sends it again, and is told that it is there.
    this.#store.write([gone(clientMessageId)]).catch(() => {})
    return true
  }

  /** Everything up to `pos` is here, by whatever way: what was answered up to there shows as what it is. */
  settleUpTo(conversationId: string, pos: number): void {
    for (const { clientMessageId } of this.of(conversationId)) {
      if ((this.#answered.get(clientMessageId) ?? Number.POSITIVE_INFINITY) <= pos)
        this.settle(clientMessageId)
    }
  }

  /** One does not want to send it any more. */
  async discard(clientMessageId: string): Promise<void> {
    const entry = this.find(clientMessageId)
    await this.#store.write([gone(clientMessageId)])
    if (entry !== undefined) this.#forget(entry)
    this.#tabs.tell({ about: "outbox", gone: clientMessageId })
  }

  /** Another tab discarded it. */
  discardedElsewhere(clientMessageId: string): void {
    const entry = this.find(clientMessageId)
    if (entry !== undefined) this.#forget(entry)
  }

  #forget({ clientMessageId, conversationId }: OutboxEntry) {
    this.#settled.add(clientMessageId)
    for (const oldest of this.#settled) {
      if (this.#settled.size <= REMEMBERED) break
      this.#settled.delete(oldest)
    }
    this.#answered.delete(clientMessageId)
    this.#set(
      this.#entries.filter((entry) => entry.clientMessageId !== clientMessageId),
      [conversationId]
    )
  }
}

const gone = (key: string): Change => ({ collection: "outbox", key, value: undefined })

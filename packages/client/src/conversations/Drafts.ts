import type { ClientStore } from "../store/ClientStore.ts"
import type { Tabs } from "../tabs/Tabs.ts"

/** Milliseconds after the last key at which a draft is kept. */
const PAUSE = 400

/** What one began to write, conversation by conversation. */
export class Drafts {
  readonly #store: ClientStore
  readonly #tabs: Tabs
  readonly #changed: (conversationId: string) => void
  readonly #drafts = new Map<string, string>()
  readonly #unkept = new Map<string, ReturnType<typeof setTimeout>>()
  /** Writes that are under way, and of each reading that is: whose draft may be newer than what it reads. */
  readonly #keeping = new Map<string, number>()
  readonly #readings = new Set<Set<string>>()

  constructor(store: ClientStore, tabs: Tabs, changed: (conversationId: string) => void) {
    this.#store = store
    this.#tabs = tabs
    this.#changed = changed
  }

  of(conversationId: string): string {
    return this.#drafts.get(conversationId) ?? ""
  }

  /** Reads what is kept; what is being written here is newer. */
  async reload(): Promise<void> {
    const newer = new Set([...this.#unkept.keys(), ...this.#keeping.keys()])
    this.#readings.add(newer)
    const read = await this.#store.entries("drafts").finally(() => this.#readings.delete(newer))
    const kept = new Map(read)
    for (const id of new Set([...this.#drafts.keys(), ...kept.keys()])) {
      if (newer.has(id)) continue
      const draft = kept.get(id)
      if (typeof draft === "string") this.#drafts.set(id, draft)
      else this.#drafts.delete(id)
      this.#changed(id)
    }
  }

  set(conversationId: string, text: string): void {
    if (text === this.of(conversationId)) return
    this.#drafts.set(conversationId, text)
    for (const newer of this.#readings) newer.add(conversationId)
    this.#changed(conversationId)
    clearTimeout(this.#unkept.get(conversationId))
    const keep = () => {
      this.#unkept.delete(conversationId)
      this.#keep(conversationId)
    }
    this.#unkept.set(conversationId, setTimeout(keep, PAUSE))
  }

  /** Keeps at once what waits to be kept, as when the page goes. */
  flush(): void {
    for (const [conversationId, timer] of this.#unkept) {
      clearTimeout(timer)
      this.#keep(conversationId)
    }
    this.#unkept.clear()
  }

  /** Keeps nothing any more: what one began to write is forgotten. */
  stop(): void {
    for (const timer of this.#unkept.values()) clearTimeout(timer)
    this.#unkept.clear()
  }

  #keep(conversationId: string) {
    const draft = this.of(conversationId)
    const value = draft === "" ? undefined : draft
    this.#keeping.set(conversationId, (this.#keeping.get(conversationId) ?? 0) + 1)
    const kept = () => {
      const left = (this.#keeping.get(conversationId) ?? 1) - 1
      if (left === 0) this.#keeping.delete(conversationId)
      else this.#keeping.set(conversationId, left)
    }
    // A draft that cannot be kept is still on the screen; the next key tries again.
    this.#store
      .write([{ collection: "drafts", key: conversationId, value }])
      .then(() => this.#tabs.tell({ about: "draft", conversationId }))
      .catch(() => {})
      .finally(kept)
  }
}

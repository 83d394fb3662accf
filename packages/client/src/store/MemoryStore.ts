import { type Change, type ClientStore, type Collection, collections } from "./ClientStore.ts"

/** Keeps nothing beyond the page: for computers that others use as well, and for programs that need no more. */
export class MemoryStore implements ClientStore {
  readonly #kept = new Map(collections.map((collection) => [collection, new Map<string, unknown>()]))

  readonly entries = async (collection: Collection) => [...(this.#kept.get(collection) ?? [])]

  readonly write = async (changes: ReadonlyArray<Change>) => {
    // A copy, as any other store makes one.
    for (const { collection, key, value } of structuredClone(changes)) {
      if (value === undefined) this.#kept.get(collection)?.delete(key)
      else this.#kept.get(collection)?.set(key, value)
    }
  }

  readonly clear = async () => {
    for (const entries of this.#kept.values()) entries.clear()
  }

  readonly close = async () => {}
}

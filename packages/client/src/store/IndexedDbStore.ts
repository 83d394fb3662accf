import { type DBSchema, type IDBPDatabase, openDB } from "idb"
import { type Change, type ClientStore, type Collection, collections } from "./ClientStore.ts"

interface Kept extends DBSchema {
  readonly outbox: { readonly key: string; readonly value: unknown }
  readonly conversations: { readonly key: string; readonly value: unknown }
  readonly drafts: { readonly key: string; readonly value: unknown }
  readonly about: { readonly key: string; readonly value: unknown }
}

/** Raise it when the collections change: entries of another shape are told by their schemas. */
const VERSION = 1

const open = (name: string): Promise<IDBPDatabase<Kept>> =>
  openDB<Kept>(name, VERSION, {
    upgrade: (database) => {
      for (const collection of collections) {
        if (!database.objectStoreNames.contains(collection)) database.createObjectStore(collection)
      }
    },
    // A newer page wants to change the collections: a tab that held on would keep it from starting.
    blocking: (_current, _wanted, event) => {
      if (event.target instanceof IDBDatabase) event.target.close()
    }
  })

/** Where the store says whose life it is in: from one sign-in to the next sign-out. */
const LIFE = "life"

const signedOut = () => new Error("this person has signed out in another tab")

const begunIn = async (database: IDBPDatabase<Kept>): Promise<unknown> => {
  const { done, store } = database.transaction("about", "readwrite")
  const [begun, fresh] = [await store.get(LIFE), crypto.getRandomValues(new Uint32Array(4)).join("-")]
  if (begun === undefined) await store.put(fresh, LIFE)
  await done
  return begun ?? fresh
}

/**
 * IndexedDB, in a database of its own for each service and person. A tab that was open when another signed out writes
 * nothing any more: every write is of the life of the store that its tab began in, and fails in the next.
 */
export class IndexedDbStore implements ClientStore {
  readonly #name: string
  #database: Promise<IDBPDatabase<Kept>> | undefined
  #life: unknown

  constructor(service: string, userId: string) {
    this.#name = `indelible ${service} ${userId}`
  }

  /** Opened when it is first needed; after a failure the next call tries again. */
  #opened(): Promise<IDBPDatabase<Kept>> {
    this.#database ??= open(this.#name).then(async (database) => {
      this.#life ??= await begunIn(database)
      // Closed from outside, as when the browser clears the site's data.
      database.addEventListener("close", () => {
        this.#database = undefined
      })
      return database
    })
    this.#database.catch(() => {
      this.#database = undefined
    })
    return this.#database
  }

  readonly entries = async (collection: Collection) => {
    const transaction = (await this.#opened()).transaction([...new Set([collection, "about"] as const)])
    const store = transaction.objectStore(collection)
    const [life, keys, values] = await Promise.all([
      transaction.objectStore("about").get(LIFE),
      store.getAllKeys(),
      store.getAll()
    ])
    // Read as empty, what waits to be sent would be taken for sent elsewhere.
    if (life !== this.#life) throw signedOut()
    return keys.flatMap((key, index) => (key === LIFE ? [] : [[key, values[index]] as const]))
  }

  readonly write = async (changes: ReadonlyArray<Change>) => {
    const [first, ...rest] = new Set(changes.map(({ collection }) => collection))
    if (first === undefined) return
    // `strict`: an acknowledged write is on disk, not only with the operating system.
    const database = await this.#opened()
    const transaction = database.transaction([...new Set(["about", first, ...rest] as const)], "readwrite", {
      durability: changes.some(({ collection }) => collection === "outbox") ? "strict" : "relaxed"
    })
    if ((await transaction.objectStore("about").get(LIFE)) !== this.#life) {
      await transaction.done
      throw signedOut()
    }
    try {
      for (const { collection, key, value } of changes) {
        const store = transaction.objectStore(collection)
        // Not awaited one by one: the transaction fails with any of them, and `done` tells.
        const request = value === undefined ? store.delete(key) : store.put(value, key)
        request.catch(() => {})
      }
      await transaction.done
    } catch (error) {
      // What cannot be copied fails before it is a request, and those before it would be written all the same.
      if (transaction.error === null) transaction.abort()
      await transaction.done.catch(() => {})
      throw error
    }
  }

  readonly clear = async () => {
    const transaction = (await this.#opened()).transaction(collections, "readwrite")
    for (const collection of collections)
      transaction
        .objectStore(collection)
        .clear()
        .catch(() => {})
    await transaction.done
  }

  readonly close = async () => {
    const database = await this.#database?.catch(() => undefined)
    this.#database = undefined
    database?.close()
  }
}

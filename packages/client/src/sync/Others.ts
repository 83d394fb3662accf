import { Effect, Option, Schema } from "effect"
import type { ClientStore } from "../store/ClientStore.ts"
import type { Other } from "./Resume.ts"

/** So many are fetched after one connection; the rest show when their list is loaded. */
const MOST = 100

const KEY = "others"
const decode = Schema.decodeUnknownOption(Schema.Record(Schema.String, Schema.Finite))

/**
 * Where the conversations stood that this device does not have: one that went on since then, or has something unread, is
 * wanted here; the others are of lists that nobody loaded.
 */
export class Others {
  readonly #store: ClientStore
  #stood: Readonly<Record<string, number>> | undefined

  constructor(store: ClientStore) {
    this.#store = store
  }

  async restore(): Promise<void> {
    const kept = new Map(await this.#store.entries("about")).get(KEY)
    this.#stood = Option.getOrUndefined(decode(kept))
  }

  /** Those that are wanted, unread ones first. */
  changed(others: ReadonlyArray<Other>): Effect.Effect<ReadonlyArray<string>> {
    return Effect.suspend(() => {
      const stood = this.#stood
      const wanted = others.filter(
        ({ conversationId, pos, unread }) =>
          unread > 0 || (stood !== undefined && stood[conversationId] !== pos)
      )
      this.#stood = Object.fromEntries(others.map(({ conversationId, pos }) => [conversationId, pos]))
      const ids = wanted.toSorted((a, b) => b.unread - a.unread).map(({ conversationId }) => conversationId)
      const about = [{ collection: "about", key: KEY, value: this.#stood }] as const
      // Not kept, the next start fetches what it need not.
      return Effect.as(Effect.ignore(Effect.tryPromise(() => this.#store.write(about))), ids.slice(0, MOST))
    })
  }
}

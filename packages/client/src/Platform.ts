import type { ClientOptions } from "./Client.ts"
import type { ClientStore } from "./store/ClientStore.ts"
import { IndexedDbStore } from "./store/IndexedDbStore.ts"
import { MemoryStore } from "./store/MemoryStore.ts"
import { browserSurroundings } from "./surroundings/BrowserSurroundings.ts"
import { plainSurroundings } from "./surroundings/PlainSurroundings.ts"
import type { Surroundings } from "./surroundings/Surroundings.ts"
import { AloneTab } from "./tabs/AloneTab.ts"
import { BrowserTabs } from "./tabs/BrowserTabs.ts"
import type { Tabs } from "./tabs/Tabs.ts"

/** What a client needs of where it runs. */
export interface Platform {
  readonly origin: string
  readonly store: ClientStore
  readonly tabs: Tabs
  readonly surroundings: Surroundings
}

const originOf = (url: string | undefined): string => {
  const given = url ?? globalThis.location?.origin
  if (given === undefined)
    throw new TypeError("url: say where the service is, such as https://chat.example.com")
  return new URL(given).origin
}

export const platformFor = ({ keep, store, url, userId }: ClientOptions): Platform => {
  const origin = originOf(url)
  const inBrowser = typeof document !== "undefined"
  const keeps = keep !== "memory" && (store !== undefined || typeof indexedDB !== "undefined")
  // Tabs have something in common only where there is a store in common.
  const shares = keeps && inBrowser && navigator.locks !== undefined
  return {
    origin,
    store: !keeps ? new MemoryStore() : (store ?? new IndexedDbStore(origin, userId)),
    tabs: shares ? new BrowserTabs(origin, userId) : new AloneTab(),
    surroundings: inBrowser ? browserSurroundings : plainSurroundings
  }
}

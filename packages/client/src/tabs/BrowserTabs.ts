import type { TabMessage, Tabs } from "./Tabs.ts"

const isTabMessage = (data: unknown): data is TabMessage =>
  typeof data === "object" && data !== null && "about" in data

/** Tabs of one browser: they take turns by Web Locks, which end with their tab, and talk over a BroadcastChannel. */
export class BrowserTabs implements Tabs {
  readonly #name: string
  readonly #channel: BroadcastChannel
  #closed = false

  constructor(service: string, userId: string) {
    this.#name = `indelible ${service} ${userId}`
    this.#channel = new BroadcastChannel(this.#name)
  }

  readonly exclusively = async <A>(name: string, signal: AbortSignal, task: () => Promise<A>) => {
    try {
      return await navigator.locks.request(`${this.#name} ${name}`, { signal }, task)
    } catch (error) {
      if (signal.aborted) return undefined
      throw error
    }
  }

  readonly tell = (message: TabMessage) => {
    if (!this.#closed) this.#channel.postMessage(message)
  }

  readonly listen = (listener: (message: TabMessage) => void) => {
    // Pages of another version may say more: what is not known is about nothing here.
    this.#channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (isTabMessage(data)) listener(data)
    })
  }

  readonly close = () => {
    this.#closed = true
    this.#channel.close()
  }
}

import type { TabMessage, Tabs } from "./Tabs.ts"

/** A program that shares its store with nobody. */
export class AloneTab implements Tabs {
  readonly #last = new Map<string, Promise<unknown>>()

  readonly exclusively = async <A>(name: string, signal: AbortSignal, task: () => Promise<A>) => {
    const before = this.#last.get(name) ?? Promise.resolve()
    const turn = before.then(() => (signal.aborted ? undefined : task()))
    const ended = turn.catch(() => {})
    this.#last.set(name, ended)
    try {
      return await turn
    } finally {
      if (this.#last.get(name) === ended) this.#last.delete(name)
    }
  }

  readonly tell = (_message: TabMessage) => {}
  readonly listen = () => {}
  readonly close = () => {}
}

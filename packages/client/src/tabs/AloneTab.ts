import type { TabMessage, Tabs } from "./Tabs.ts"

/** A program that shares its store with nobody. */
export class AloneTab implements Tabs {
  readonly #last = new Map<string, Promise<unknown>>()

  readonly exclusively = async <A>(name: string, signal: AbortSignal, task: () => Promise<A>) => {
    const before = this.#last.get(name) ?? Promise.resolve()
    const { promise: waited, resolve: gaveUp } = Promise.withResolvers<undefined>()
    const giveUp = () => gaveUp(undefined)
    signal.addEventListener("abort", giveUp, { once: true })
    const turn = before.then(() => {
      // From here on its end is waited for: what is being done is not given up by half.
      signal.removeEventListener("abort", giveUp)
      return signal.aborted ? undefined : task()
    })
    const ended = turn.catch(() => {})
    this.#last.set(name, ended)
    ended.then(() => {
      if (this.#last.get(name) === ended) this.#last.delete(name)
    })
    return Promise.race([turn, waited])
  }

  readonly tell = (_message: TabMessage) => {}
  readonly listen = () => {}
  readonly close = () => {}
}

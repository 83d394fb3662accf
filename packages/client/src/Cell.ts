import type { Observable } from "./Observable.ts"

/** An observable that is set from inside. Setting the same value again tells nobody. */
export class Cell<A> implements Observable<A> {
  #value: A
  readonly #listeners = new Set<() => void>()

  constructor(value: A) {
    this.#value = value
  }

  readonly get = (): A => this.#value

  readonly subscribe = (listener: () => void): (() => void) => {
    // One of its own each time: the same function may be given twice.
    const told = () => listener()
    this.#listeners.add(told)
    return () => {
      this.#listeners.delete(told)
    }
  }

  readonly set = (value: A): void => {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of [...this.#listeners]) {
      try {
        listener()
      } catch (error) {
        // Whoever listens must not stop what is listened to; the program hears of it as of any other error.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0
  }
}

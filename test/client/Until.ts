import type { Observable } from "@indelible/client"

/** Waits until an observable is as wanted, or fails and says how it is instead. */
export const until = <A>(
  observable: Observable<A>,
  holds: (value: A) => boolean,
  patience = 15_000
): Promise<A> =>
  new Promise((resolve, reject) => {
    const look = () => {
      const value = observable.get()
      if (!holds(value)) return
      stop()
      clearTimeout(timer)
      resolve(value)
    }
    const stop = observable.subscribe(look)
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`not in time: ${JSON.stringify(observable.get())}`))
    }, patience)
    look()
  })

/**
 * A value that changes over time. `get` answers the same object until the next change, and `subscribe` answers how to
 * stop: both as React's `useSyncExternalStore` wants them, and no binding depends on it.
 */
export interface Observable<A> {
  readonly get: () => A
  /** `listener` is called after each change, without the value: ask for it. It must not throw. */
  readonly subscribe: (listener: () => void) => () => void
}

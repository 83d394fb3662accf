/** What tabs of one person tell each other. What it is about is in the store: whoever hears it reads there. */
export type TabMessage =
  /** `gone`: it was discarded. */
  | { readonly about: "outbox"; readonly gone: string | null }
  | { readonly about: "draft"; readonly conversationId: string }
  | { readonly about: "signed-out" }

/** The other tabs in which this person is signed in. */
export interface Tabs {
  /**
   * Runs `task` while no other of this name runs in any tab; the next gets its turn when it ends or its tab dies. With
   * `signal` it gives up waiting, and answers undefined.
   */
  readonly exclusively: <A>(
    name: string,
    signal: AbortSignal,
    task: () => Promise<A>
  ) => Promise<A | undefined>
  /** Tells the others, not oneself. */
  readonly tell: (message: TabMessage) => void
  readonly listen: (listener: (message: TabMessage) => void) => void
  readonly close: () => void
}

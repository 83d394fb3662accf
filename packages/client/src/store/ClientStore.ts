/** What is kept apart from each other: messages that wait, what the service said, what one began to write. */
export const collections = ["outbox", "conversations", "drafts", "about"] as const
export type Collection = (typeof collections)[number]

/** `value` undefined: gone. Values are plain objects of JSON. */
export interface Change {
  readonly collection: Collection
  readonly key: string
  readonly value: unknown
}

/**
 * Where a client keeps what outlives it, for one person at one service. All tabs of a browser share one.
 *
 * - `write` is all or nothing, and what it wrote is there after a crash of the page.
 * - What `write` of one tab has answered, `entries` of any tab sees.
 * - A rejection means that nothing was written: the client says so for the outbox, and goes on without a cache.
 */
export interface ClientStore {
  readonly entries: (collection: Collection) => Promise<ReadonlyArray<readonly [key: string, value: unknown]>>
  readonly write: (changes: ReadonlyArray<Change>) => Promise<void>
  /** Forgets everything. */
  readonly clear: () => Promise<void>
  readonly close: () => Promise<void>
}

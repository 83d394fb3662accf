import type { HeldConversation } from "./HeldConversation.ts"
import type { StoredEntry } from "./StoredEntry.ts"

/** Somebody's devices have, or they read, the messages of the other up to a number. */
export interface MarkMade {
  readonly kind: "delivered" | "read"
  /** Whether one made it oneself: it then is about the other person's messages. */
  readonly mine: boolean
  readonly upToSeq: number
  readonly at: string
}

/** Entries that a mark says nothing new of stay the same objects. */
export const withMark = (
  entries: ReadonlyArray<StoredEntry>,
  { at, kind, mine, upToSeq }: MarkMade
): ReadonlyArray<StoredEntry> => {
  const changes = (entry: StoredEntry) =>
    entry.kind === "message" &&
    entry.mine !== mine &&
    entry.seq <= upToSeq &&
    (entry.deliveredAt === null || (kind === "read" && entry.readAt === null))
  if (!entries.some(changes)) return entries
  return entries.map((entry) =>
    entry.kind === "message" && changes(entry)
      ? {
          ...entry,
          deliveredAt: entry.deliveredAt ?? at,
          readAt: kind === "read" ? (entry.readAt ?? at) : entry.readAt
        }
      : entry
  )
}

/** What is known of the other person's marks, on entries that were read from the service a moment before or after. */
export const withKnownMarks = (
  entries: ReadonlyArray<StoredEntry>,
  { delivered, read }: HeldConversation
): ReadonlyArray<StoredEntry> => {
  const has =
    delivered === null ? entries : withMark(entries, { kind: "delivered", mine: false, ...delivered })
  return read === null ? has : withMark(has, { kind: "read", mine: false, ...read })
}

import { ClientError } from "../ClientError.ts"
import type { Entry, MessageEntry } from "../Entry.ts"
import type { StoredEntry } from "../held/StoredEntry.ts"
import type { OutboxEntry } from "../outbox/OutboxEntry.ts"

// An entry that did not change is the same object as before, so that a list on a screen draws only what did.
const stored = new WeakMap<StoredEntry, Entry>()
const unsent = new WeakMap<OutboxEntry, MessageEntry>()
const answered = new WeakMap<OutboxEntry, MessageEntry>()

const remembered = <K extends object, V>(views: WeakMap<K, V>, key: K, make: () => V): V => {
  const known = views.get(key)
  if (known !== undefined) return known
  const view = make()
  views.set(key, view)
  return view
}

export const storedView = (entry: StoredEntry): Entry =>
  remembered(stored, entry, () => {
    if (entry.kind === "system") return { ...entry, key: String(entry.pos) }
    const { sentAt, ...message } = entry
    const state = !entry.mine
      ? null
      : entry.readAt !== null
        ? "read"
        : entry.deliveredAt !== null
          ? "delivered"
          : "sent"
    return { ...message, key: entry.clientMessageId ?? entry.id, at: sentAt, state, failure: null }
  })

export const unsentView = (entry: OutboxEntry, isAnswered: boolean): MessageEntry =>
  remembered(isAnswered ? answered : unsent, entry, () => {
    const { clientMessageId, failure, metadata, text, writtenAt } = entry
    return {
      kind: "message",
      key: clientMessageId,
      id: null,
      pos: null,
      seq: null,
      clientMessageId,
      mine: true,
      text,
      metadata,
      at: writtenAt,
      state: isAnswered ? "sent" : failure === null ? "queued" : "failed",
      deliveredAt: null,
      readAt: null,
      failure: failure === null ? null : new ClientError(failure.code, failure.message, failure)
    }
  })

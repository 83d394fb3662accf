import type { OutboxEntry } from "../../packages/client/src/outbox/OutboxEntry.ts"
import { clientMessageIdAt, conversationId, timeAt } from "./Histories.ts"

/** The n-th message of those that wait. */
export const waiting = (n: number, change: Partial<OutboxEntry> = {}): OutboxEntry => ({
  clientMessageId: clientMessageIdAt(n),
  conversationId,
  text: `text ${n}`,
  metadata: null,
  writtenAt: timeAt(n),
  order: n,
  attempts: 0,
  failure: null,
  ...change
})

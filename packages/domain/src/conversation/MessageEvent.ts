import type { ConversationEvent } from "./ConversationEvent.ts"

const messages: ReadonlySet<string> = new Set<ConversationEvent["type"]>(["TextSent"])

/** Whether an event of this type is a message: it has the next sequence number, and can be unread. */
export const isMessage = (type: string): boolean => messages.has(type)

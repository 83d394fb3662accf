import type { ClientError } from "./ClientError.ts"

/**
 * How far a message of one's own got: `queued` on this device, `sent` (on record at the service), `delivered` (a device
 * of the other person has it), `read`; or `failed`: it waits for `OpenConversation.retry`.
 */
export type MessageState = "queued" | "sent" | "delivered" | "read" | "failed"

/** Labels of the platform's own on a message. */
export type Metadata = Readonly<Record<string, string | number | boolean | null>>

/** A message, on record or about to be. */
export interface MessageEntry {
  readonly kind: "message"
  /** The same from the moment it is written to for ever after, on the device that wrote it: for lists on a screen. */
  readonly key: string
  /** null until it is on record. */
  readonly id: string | null
  /** Place in the conversation's record, rising and not dense; null until it is on record. */
  readonly pos: number | null
  /** Gap-free number among the conversation's messages; null until it is on record. */
  readonly seq: number | null
  /** Of one's own messages. */
  readonly clientMessageId: string | null
  readonly mine: boolean
  /** Text, never markup: escape it. null: no longer retained. */
  readonly text: string | null
  readonly metadata: Metadata | null
  /** ISO 8601: when it was put on record, until then when it was written. */
  readonly at: string
  /** Of one's own; null for the other person's. */
  readonly state: MessageState | null
  /** ISO 8601: when a device of the recipient first had it. */
  readonly deliveredAt: string | null
  /** ISO 8601: when the recipient read it, who is oneself for the other person's messages. */
  readonly readAt: string | null
  /** With the state `failed`: why. */
  readonly failure: ClientError | null
}

/** A change of a conversation's status. It differs from messages in its structure, so that nobody can imitate it. */
export interface SystemEntry {
  readonly kind: "system"
  readonly key: string
  readonly pos: number
  /** ISO 8601. */
  readonly at: string
  readonly change: "archived" | "reopened"
  readonly by: "me" | "other" | "system"
  /** `message`: re-opened by the message that follows. `inactivity`: archived because nothing was written for long. */
  readonly cause: "request" | "inactivity" | "message"
}

export type Entry = MessageEntry | SystemEntry

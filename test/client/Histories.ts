import { Schema } from "effect"
import { type HeardFrame, readFrame } from "../../packages/client/src/connection/ReadFrame.ts"
import type { HeldConversation } from "../../packages/client/src/held/HeldConversation.ts"
import type { StoredEntry } from "../../packages/client/src/held/StoredEntry.ts"

export const conversationId = "6f1ce5d1-3a0b-8c4d-9e2f-0a1b2c3d4e5f"
export const [me, other] = ["ann", "bob"]

const uuid = (n: number) => `0190f1a0-0000-7000-8000-${n.toString(16).padStart(12, "0")}`
export const messageIdAt = (pos: number) => `${conversationId}.${pos}`
export const tagAt = (pos: number) => pos.toString(16).padStart(16, "0")
export const timeAt = (pos: number) => new Date(Date.UTC(2026, 10, 1) + pos * 1_000).toISOString()
export const clientMessageIdAt = (pos: number) => uuid(0xc0000 + pos)

/** What can happen in a conversation; a mark is for all that there is. */
export const Step = Schema.Literals([
  ...["mine", "theirs", "delivered to me", "read by me", "delivered to other", "read by other"],
  ...["archived by me", "archived by the system", "reopened by other", "of a later kind"]
] as const)
export type Step = typeof Step.Type

/** Every event of a history, as a frame of this person's socket; `pos` counts from 1. */
export const framesOf = (steps: ReadonlyArray<Step>): ReadonlyArray<HeardFrame> => {
  let seq = 0
  return steps.map((step, index) => {
    const pos = index + 1
    const durable = { conversationId, pos, tag: tagAt(pos) }
    const at = timeAt(pos)
    const updated = { ...durable, type: "conversation_updated", at }
    const mark = { ...durable, upToSeq: seq, at }
    const frame = () => {
      switch (step) {
        case "mine":
        case "theirs": {
          seq += 1
          const named = step === "mine" && { clientMessageId: clientMessageIdAt(pos) }
          const message = {
            messageId: messageIdAt(pos),
            seq,
            sentAt: at,
            kind: "TEXT",
            metadata: null,
            ...named
          }
          const sender = step === "mine" ? me : other
          return { ...durable, ...message, type: "message_received", sender, text: `text ${pos}` }
        }
        case "delivered to me":
          return { ...mark, type: "message_delivered", by: me }
        case "read by me":
          return { ...mark, type: "message_read", by: me }
        case "delivered to other":
          return { ...mark, type: "message_delivered", by: other }
        case "read by other":
          return { ...mark, type: "message_read", by: other }
        case "archived by me":
          return { ...updated, change: "archived", status: "ARCHIVED", by: me, cause: "request" }
        case "archived by the system":
          return { ...updated, change: "archived", status: "AUTO_ARCHIVED", by: null, cause: "inactivity" }
        case "reopened by other":
          return { ...updated, change: "reopened", status: "ACTIVE", by: other, cause: "message" }
        case "of a later kind":
          return { ...durable, type: "message_folded", corners: 4 }
      }
    }
    return heardAs(frame())
  })
}

/** A frame as the line would bring it. */
export const heardAs = (frame: object): HeardFrame => {
  const heard = readFrame(JSON.stringify(frame))
  if (heard === undefined) throw new Error(`no frame: ${JSON.stringify(frame)}`)
  return heard
}

/** The same history as the service answers it page by page: every entry with what marks say of it in the end. */
export const entriesOf = (steps: ReadonlyArray<Step>): ReadonlyArray<StoredEntry> => {
  const firstAfter = (index: number, kinds: ReadonlyArray<Step>) => {
    const found = steps.findIndex((step, at) => at > index && kinds.includes(step))
    return found === -1 ? null : timeAt(found + 1)
  }
  return steps.flatMap((step, index): ReadonlyArray<StoredEntry> => {
    const pos = index + 1
    const system = { kind: "system", pos, at: timeAt(pos) } as const
    switch (step) {
      case "mine":
      case "theirs": {
        const mine = step === "mine"
        const seq = steps.slice(0, pos).filter((step) => step === "mine" || step === "theirs").length
        const message = {
          kind: "message",
          pos,
          id: messageIdAt(pos),
          seq,
          mine,
          text: `text ${pos}`
        } as const
        const had: ReadonlyArray<Step> = mine ? ["delivered to other"] : ["delivered to me"]
        const read: ReadonlyArray<Step> = mine ? ["read by other"] : ["read by me"]
        return [
          {
            ...message,
            metadata: null,
            sentAt: timeAt(pos),
            clientMessageId: mine ? clientMessageIdAt(pos) : null,
            deliveredAt: firstAfter(index, [...had, ...read]),
            readAt: firstAfter(index, read)
          }
        ]
      }
      case "archived by me":
        return [{ ...system, change: "archived", by: "me", cause: "request" }]
      case "archived by the system":
        return [{ ...system, change: "archived", by: "system", cause: "inactivity" }]
      case "reopened by other":
        return [{ ...system, change: "reopened", by: "other", cause: "message" }]
      default:
        return []
    }
  })
}

/** A conversation of which nothing happened yet. */
export const begun = (change: Partial<HeldConversation> = {}): HeldConversation => ({
  id: conversationId,
  other: { userId: other, name: "Bob" },
  side: "worker",
  status: "ACTIVE",
  pos: 0,
  tag: null,
  unreadCount: 0,
  messageCount: 0,
  lastActivityAt: timeAt(0),
  lastMessage: null,
  delivered: null,
  read: null,
  tail: [],
  tailFrom: 0,
  hasEarlier: false,
  ...change
})

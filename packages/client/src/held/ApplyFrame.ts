import { preview } from "@indelible/domain/text/Preview"
import { readable } from "@indelible/domain/text/ReadableText"
import type { HeardFrame } from "../connection/ReadFrame.ts"
import type { HeldConversation } from "./HeldConversation.ts"
import { type MarkMade, withMark } from "./Marks.ts"
import type { StoredEntry, StoredMessage } from "./StoredEntry.ts"

/** What one wrote, as this device still knows it: the answer to a send does not repeat it. */
export interface Written {
  readonly text: string
  readonly metadata: StoredMessage["metadata"]
}

export interface Applying {
  readonly userId: string
  readonly written: (clientMessageId: string) => Written | undefined
}

/** The next event of a conversation, of whatever kind. */
export type DurableFrame = Exclude<HeardFrame, { readonly type: "joined" }> & {
  readonly conversationId: string
  readonly pos: number
  readonly tag: string
}

/** Frames that tell of an event of a conversation. What answers a repeat tells of one of long ago. */
export const isDurable = (frame: HeardFrame): frame is DurableFrame =>
  frame.type !== "joined" &&
  "conversationId" in frame &&
  "pos" in frame &&
  frame.pos !== undefined &&
  frame.tag !== undefined &&
  !("repeat" in frame && frame.repeat === true)

const withMessage = (held: HeldConversation, message: StoredMessage): HeldConversation => ({
  ...held,
  messageCount: Math.max(held.messageCount, message.seq),
  lastActivityAt: message.sentAt,
  lastMessage: {
    pos: message.pos,
    seq: message.seq,
    mine: message.mine,
    preview: message.text === null ? null : preview(message.text),
    sentAt: message.sentAt
  },
  tail: [...held.tail, message]
})

const withOthersMark = (held: HeldConversation, mark: MarkMade): HeldConversation => {
  const tail = withMark(held.tail, mark)
  if (mark.mine) return { ...held, tail }
  const { at, upToSeq } = mark
  // Reading is having as well.
  const later = (known: HeldConversation["read"]) =>
    known !== null && known.upToSeq >= upToSeq ? known : { upToSeq, at }
  const delivered = later(held.delivered)
  return { ...held, tail, delivered, ...(mark.kind === "read" && { read: later(held.read) }) }
}

/** The mark that a frame tells of, if it does. */
export const markOf = (frame: HeardFrame, userId: string): MarkMade | undefined =>
  (frame.type === "message_delivered" || frame.type === "message_read") && "upToSeq" in frame
    ? {
        kind: frame.type === "message_read" ? "read" : "delivered",
        mine: frame.by === userId,
        upToSeq: frame.upToSeq,
        at: frame.at
      }
    : undefined

/**
 * A conversation with its next event. The frame's `pos` is the one after the conversation's: whoever calls has seen to
 * that, by `resume`. `incomplete` says that the event changed more than the frame tells.
 */
export const applyFrame = (
  before: HeldConversation,
  frame: DurableFrame,
  { userId, written }: Applying
): { readonly held: HeldConversation; readonly incomplete: boolean } => {
  const held = { ...before, pos: frame.pos, tag: frame.tag }
  const whole = (held: HeldConversation) => ({ held, incomplete: false })
  const mark = markOf(frame, userId)
  if (mark !== undefined) return whole(withOthersMark(held, mark))

  switch (frame.type) {
    case "message_received": {
      const { messageId: id, metadata, pos, sender, sentAt, seq, text } = frame
      const clientMessageId = frame.clientMessageId ?? null
      const marks = { deliveredAt: null, readAt: null }
      const mine = sender === userId
      return whole(
        withMessage(held, {
          kind: "message",
          pos,
          id,
          seq,
          mine,
          text,
          metadata,
          sentAt,
          clientMessageId,
          ...marks
        })
      )
    }
    case "message_sent": {
      const { clientMessageId, messageId: id, pos, sentAt, seq } = frame
      const known = written(clientMessageId)
      const message: StoredMessage = {
        kind: "message",
        pos,
        id,
        seq,
        mine: true,
        // What readers get of it, as the service makes it.
        text: known === undefined ? null : readable(known.text),
        metadata: known?.metadata ?? null,
        sentAt,
        clientMessageId,
        deliveredAt: null,
        readAt: null
      }
      return { held: withMessage(held, message), incomplete: known === undefined }
    }
    case "conversation_updated": {
      if (frame.change === "other") return { held, incomplete: true }
      const status = frame.status ?? held.status
      if (frame.change === "started") return whole({ ...held, status })
      const entry: StoredEntry = {
        kind: "system",
        pos: frame.pos,
        at: frame.at,
        change: frame.change,
        by: frame.by === null ? "system" : frame.by === userId ? "me" : "other",
        cause: frame.cause ?? "request"
      }
      return whole({ ...held, status, tail: [...held.tail, entry] })
    }
    default:
      // A kind of event that came later: its place counts, what it says is asked for.
      return { held, incomplete: true }
  }
}

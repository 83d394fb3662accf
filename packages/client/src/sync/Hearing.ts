import type { Cell } from "../Cell.ts"
import type { HeardFrame } from "../connection/ReadFrame.ts"
import type { Conversations } from "../conversations/Conversations.ts"
import { applyFrame, type DurableFrame, isDurable, markOf } from "../held/ApplyFrame.ts"
import type { MarkMade } from "../held/Marks.ts"
import type { Outbox } from "../outbox/Outbox.ts"
import type { Deliveries } from "./Deliveries.ts"

export interface HearingHouse {
  readonly userId: string
  readonly conversations: Conversations
  readonly outbox: Outbox
  readonly unread: Cell<number>
  /** The other person types, for so many milliseconds unless they are told anew; 0: not any more. */
  readonly types: (conversationId: string, millis: number) => void
  readonly deliveries: Deliveries
  /** Events are missing before the one that came. */
  readonly gap: (conversationId: string) => void
  /** A conversation that this device does not have. */
  readonly unknown: (conversationId: string) => void
  /** An event changed more than its frame told. */
  readonly incomplete: (conversationId: string) => void
  /** Somebody's mark went on, for entries that are not in the tail. */
  readonly marked: (conversationId: string, mark: MarkMade) => void
}

/**
 * What frames do to what this device knows. Each event counts once, and in its turn: what is not next is dropped, since
 * `resume` brings it again.
 */
export const hearing = (house: HearingHouse): ((frame: HeardFrame) => void) => {
  const { conversations, outbox, userId } = house

  const settle = (frame: DurableFrame) => {
    if (frame.type !== "message_received" && frame.type !== "message_sent") return
    if (frame.clientMessageId !== undefined) outbox.settle(frame.clientMessageId)
  }

  const durable = (frame: DurableFrame) => {
    const { conversationId: id, pos } = frame
    const held = conversations.get(id)
    if (held === undefined) return house.unknown(id)
    if (pos <= held.pos) return settle(frame)
    if (pos > held.pos + 1) return house.gap(id)
    const written = (clientMessageId: string) => outbox.find(clientMessageId)
    const applied = applyFrame(held, frame, { userId, written })
    conversations.put(applied.held)
    settle(frame)
    const mark = markOf(frame, userId)
    if (mark !== undefined) house.marked(id, mark)
    if (frame.type === "message_received") {
      house.types(id, 0)
      if (frame.sender !== userId) house.deliveries.has(id, pos)
    }
    if (applied.incomplete) house.incomplete(id)
  }

  const present = (person: string, online: boolean, lastSeenAt: string | null) => {
    for (const { id, other } of conversations.all) {
      if (other.userId === person) conversations.pass(id, { presence: { online, lastSeenAt } })
    }
  }

  return (frame) => {
    if (isDurable(frame)) return durable(frame)
    switch (frame.type) {
      case "unread_count":
        return conversations.update(frame.conversationId, (held) => ({ ...held, unreadCount: frame.unread }))
      case "unread_total":
        return house.unread.set(frame.unread)
      case "user_typing":
        if (frame.userId === userId) return
        return house.types(frame.conversationId, frame.typing ? (frame.expiresInMs ?? 3_000) : 0)
      case "user_online":
        return present(frame.userId, true, null)
      case "user_offline":
        return present(frame.userId, false, frame.lastSeenAt)
      case "joined":
        if (frame.other !== null) present(frame.other.userId, frame.other.online, frame.other.lastSeenAt)
        return conversations.update(frame.conversationId, (held) =>
          held.pos === frame.pos ? { ...held, unreadCount: frame.unread } : held
        )
    }
  }
}

import type { ResumeCursor } from "@indelible/api/realtime/ClientFrame"
import type { ResumedConversation, ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { type StoredEvent, tagOf } from "@indelible/application/store/StoredEvent"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import type { ReadEvent } from "@indelible/domain/event/DomainEvent"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import type { PlacedFrame } from "./CatchUp.ts"
import { eventFrames, type UserIdOf } from "./EventFrames.ts"
import { type OwnConversation, othersOf, type ResumePlan, type Resuming } from "./ResumePlan.ts"

export interface ResumeRequest {
  readonly subject: SubjectId
  readonly cursors: ReadonlyArray<ResumeCursor>
  readonly others: boolean
}

/** What goes out for one conversation before live frames follow. */
export interface ResumedFrames {
  readonly told: ResumedConversation
  readonly frames: ReadonlyArray<PlacedFrame>
  /** Where what was told of ends in the log. */
  readonly reaches: { readonly slice: number; readonly slicePos: number } | undefined
}

export interface ResumeAnswer {
  readonly conversations: ReadonlyArray<ResumedFrames>
  readonly others: ReadonlyArray<OwnConversation> | undefined
  readonly moreOthers: boolean
}

/** UTF-16 units of frames that one resume brings, well below what may wait unread for a socket. */
const mostText = 256 * 1024

/** What was read for an answer. */
export interface ResumeReading {
  readonly eventsOf: (resuming: Resuming) => ReadonlyArray<StoredEvent>
  /** undefined: it does not open, and goes out as something that happened. */
  readonly contentOf: (stored: StoredEvent) => ConversationEvent | ReadEvent<ConversationEvent> | undefined
  readonly userIdOf: UserIdOf
}

/** The events that a client misses, of those read for it; undefined when it knows another history. */
const missedOf = (
  { cursor: { pos, tag } }: Resuming,
  events: ReadonlyArray<StoredEvent>
): ReadonlyArray<StoredEvent> | undefined => {
  const [known] = events
  if (pos === 0 || known === undefined) return events
  return tagOf(known) === tag ? events.slice(1) : undefined
}

export const resumeAnswer = (
  { cursors, others, subject }: ResumeRequest,
  { own, resuming, settled }: ResumePlan,
  { contentOf, eventsOf, userIdOf }: ResumeReading
): ResumeAnswer => {
  const frameOf = ({ conversationId }: ResumeCursor, stored: StoredEvent): ServerFrame => {
    const { author, everyone } = eventFrames(conversationId, stored, contentOf(stored), userIdOf)
    return stored.header.actor === subject ? author : everyone
  }
  let room = mostText
  const resumed = resuming.map((each): ResumedFrames => {
    const { cursor, head, unread } = each
    const { conversationId } = cursor
    const missed = missedOf(each, eventsOf(each))
    if (missed === undefined) {
      return { told: { conversationId, state: "resync" }, frames: [], reaches: undefined }
    }
    const frames: Array<PlacedFrame> = []
    let last: StoredEvent | undefined
    for (const stored of missed) {
      if (room <= 0) break
      const text = JSON.stringify(frameOf(cursor, stored))
      room -= text.length
      frames.push({ pos: stored.header.streamPos, text })
      last = stored
    }
    const { pos, tag } = last === undefined ? cursor : { pos: last.header.streamPos, tag: tagOf(last) }
    return {
      told: {
        conversationId,
        state: pos === head.pos ? "live" : "more",
        pos,
        ...(tag === undefined ? {} : { tag }),
        head: head.pos,
        unread
      },
      frames,
      reaches: { slice: head.slice, slicePos: last?.slicePos ?? head.slicePos }
    }
  })
  return {
    conversations: [...resumed, ...settled.map((told) => ({ told, frames: [], reaches: undefined }))],
    others: others ? othersOf(subject, cursors, own.heads) : undefined,
    moreOthers: own.more
  }
}

import type { ResumeCursor } from "@indelible/api/realtime/ClientFrame"
import type { ResumedConversation } from "@indelible/api/realtime/ServerFrame"
import { streamOf } from "@indelible/application/conversation/ConversationCommands"
import type { StreamHead } from "@indelible/application/store/EventLog"
import type { StreamId } from "@indelible/application/store/StreamId"
import { type StartedConversation, sideOf } from "@indelible/domain/conversation/Conversation"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { conversationOf } from "./EventFrames.ts"

/** The most events that one resume brings: of one conversation, and in all. */
const mostOfOne = 200
const mostInAll = 500

export type ConversationHead = StreamHead<StartedConversation>

/** One conversation of a resume: where its client stands, where it does itself, and what to read of it. */
export interface Resuming {
  readonly cursor: ResumeCursor
  readonly head: ConversationHead
  readonly unread: number
  readonly after: number
  /** 0: nothing. Otherwise the event that the cursor names is among them, for its tag. */
  readonly limit: number
}

export interface OwnConversation {
  readonly conversationId: ConversationId
  readonly pos: number
  readonly tag: string
  readonly unread: number
}

/** A person's own conversations, as far as they were asked for. */
export interface OwnHeads {
  readonly heads: ReadonlyArray<ConversationHead>
  /** There are yet more. */
  readonly more: boolean
}

export interface ResumePlan {
  readonly own: OwnHeads
  readonly resuming: ReadonlyArray<Resuming>
  /** Those of which nothing has to be read. */
  readonly settled: ReadonlyArray<ResumedConversation>
}

const unreadOf = ({ state }: ConversationHead, subject: SubjectId): number | undefined => {
  const side = sideOf(state, subject)
  return side === null ? undefined : state.tally.unread[side]
}

/** Compares what a client has with where its conversations stand. */
export const resumePlan = (
  subject: SubjectId,
  cursors: ReadonlyArray<ResumeCursor>,
  heads: ReadonlyMap<StreamId, ConversationHead>,
  own: OwnHeads
): ResumePlan => {
  const resuming: Array<Resuming> = []
  const settled: Array<ResumedConversation> = []
  let room = mostInAll
  for (const cursor of cursors) {
    const { conversationId, pos, tag } = cursor
    const head = heads.get(streamOf(conversationId))
    const unread = head === undefined ? undefined : unreadOf(head, subject)
    if (head === undefined || unread === undefined) settled.push({ conversationId, state: "not_found" })
    else if (pos > head.pos || (pos === head.pos && tag !== head.tag)) {
      settled.push({ conversationId, state: "resync" })
    } else {
      const missing = Math.min(head.pos - pos, mostOfOne, room)
      room -= missing
      const known = pos === 0 ? 0 : 1
      resuming.push({
        cursor,
        head,
        unread,
        after: pos - known,
        limit: missing === 0 ? 0 : missing + known
      })
    }
  }
  return { own, resuming, settled }
}

/** The conversations of a person that they did not name. */
export const othersOf = (
  subject: SubjectId,
  cursors: ReadonlyArray<ResumeCursor>,
  heads: ReadonlyArray<ConversationHead>
): ReadonlyArray<OwnConversation> => {
  const named = new Set(cursors.map(({ conversationId }) => conversationId))
  return heads.flatMap((head) => {
    const conversationId = conversationOf(head.streamId)
    const unread = unreadOf(head, subject)
    return conversationId === undefined || unread === undefined || named.has(conversationId)
      ? []
      : [{ conversationId, pos: head.pos, tag: head.tag, unread }]
  })
}

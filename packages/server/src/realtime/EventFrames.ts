import { DELETED_USER, type ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { type StoredEvent, tagOf } from "@indelible/application/store/StoredEvent"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { conversation, otherSide } from "@indelible/domain/conversation/Conversation"
import type { ConversationEvent, TextSent } from "@indelible/domain/conversation/ConversationEvent"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { messageId } from "@indelible/domain/conversation/MessageId"
import type { ReadEvent } from "@indelible/domain/event/DomainEvent"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { readable } from "@indelible/domain/text/ReadableText"
import { Schema } from "effect"

/** The durable frame that one event becomes: one for each session of both people, whoever of them it is for. */
export interface EventFrames {
  readonly everyone: ServerFrame
  /** For the other sessions of whoever did it. */
  readonly author: ServerFrame
  /** For the session it was done on. */
  readonly asked: ServerFrame
  /** Ephemeral: whose number of unread messages it changed. */
  readonly unread: { readonly subject: SubjectId; readonly frame: ServerFrame } | undefined
}

/** The platform's id of a person, undefined when their entry was erased. */
export type UserIdOf = (subject: SubjectId) => string | undefined

const isConversationId = Schema.is(ConversationId)
const isClientMessageId = Schema.is(ClientMessageId)
const streamPrefix = `${conversation.category}-`

/** Whose conversation a stream is; undefined for streams of other kinds. */
export const conversationOf = (streamId: string): ConversationId | undefined => {
  const id = streamId.startsWith(streamPrefix) ? streamId.slice(streamPrefix.length) : undefined
  return isConversationId(id) ? id : undefined
}

/** Commands on messages are named by the client's id for the message. */
const clientMessageIdOf = ({ header: { actor, commandKey } }: StoredEvent): ClientMessageId | undefined => {
  const id = commandKey.slice(actor.length + 1)
  return isClientMessageId(id) ? id : undefined
}

const textFrames = (
  conversationId: ConversationId,
  stored: StoredEvent,
  { body, facts }: TextSent | ReadEvent<TextSent>,
  sender: string
): EventFrames => {
  const { actor, participants, recordedAt, streamPos: pos } = stored.header
  const { seq, unread } = facts.tally
  const message = {
    conversationId,
    pos,
    tag: tagOf(stored),
    messageId: messageId(conversationId, pos),
    seq,
    sentAt: recordedAt
  }
  const received: ServerFrame = {
    type: "message_received",
    ...message,
    sender,
    kind: "TEXT",
    text: body === null ? null : readable(body.text),
    metadata: body?.metadata ?? null
  }
  const clientMessageId = clientMessageIdOf(stored)
  const recipient = participants.find((subject) => subject !== actor)
  return {
    everyone: received,
    author: clientMessageId === undefined ? received : { ...received, clientMessageId },
    asked: clientMessageId === undefined ? received : { type: "message_sent", ...message, clientMessageId },
    unread: recipient && {
      subject: recipient,
      frame: { type: "unread_count", conversationId, unread: unread[otherSide(facts.side)] }
    }
  }
}

const alike = (frame: ServerFrame, unread?: EventFrames["unread"]): EventFrames => ({
  everyone: frame,
  author: frame,
  asked: frame,
  unread
})

const changes = {
  ConversationStarted: "started",
  ConversationArchived: "archived",
  ConversationReopened: "reopened"
} as const

/**
 * @param event undefined for a type or version that this program does not know: it still takes its place, so that
 *   nobody waits for a position that never comes
 */
export const eventFrames = (
  conversationId: ConversationId,
  stored: StoredEvent,
  event: ConversationEvent | ReadEvent<ConversationEvent> | undefined,
  userIdOf: UserIdOf
): EventFrames => {
  const { actor, recordedAt: at, streamPos: pos } = stored.header
  const by = actor === "system" ? null : (userIdOf(actor) ?? DELETED_USER)
  const place = { conversationId, pos, tag: tagOf(stored) }
  const mark = { ...place, by: by ?? DELETED_USER, at }
  switch (event?.type) {
    case "TextSent":
      return textFrames(conversationId, stored, event, mark.by)
    case "MessagesDelivered":
      return alike({ type: "message_delivered", ...mark, upToSeq: event.facts.upTo.seq })
    case "MessagesRead": {
      const { side, tally, upTo } = event.facts
      const unread =
        actor === "system"
          ? undefined
          : {
              subject: actor,
              frame: { type: "unread_count" as const, conversationId, unread: tally.unread[side] }
            }
      return alike({ type: "message_read", ...mark, upToSeq: upTo.seq }, unread)
    }
    case "ConversationStarted":
    case "ConversationArchived":
    case "ConversationReopened":
      return alike({
        type: "conversation_updated",
        ...place,
        change: changes[event.type],
        status: event.facts.tally.status,
        by,
        cause: event.type === "ConversationStarted" ? null : event.facts.cause,
        at
      })
    case undefined:
      return alike({
        type: "conversation_updated",
        ...place,
        change: "other",
        status: null,
        by,
        cause: null,
        at
      })
  }
}

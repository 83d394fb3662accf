import { otherSide } from "@indelible/domain/conversation/Conversation"
import {
  type ConversationStatus,
  conversationEvents,
  type Side
} from "@indelible/domain/conversation/ConversationEvent"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { preview } from "@indelible/domain/text/Preview"
import { Context, Effect, Layer, Result } from "effect"
import { EventOpener } from "../store/EventOpener.ts"
import { EventStore } from "../store/EventStore.ts"
import { Unavailable } from "../store/EventStoreError.ts"
import type { StoredEvent } from "../store/StoredEvent.ts"
import { ConversationAccess } from "./ConversationAccess.ts"

export interface ConversationDescription {
  readonly conversation: ConversationId
  readonly side: Side
  readonly other: SubjectId
  readonly status: ConversationStatus
  /** The newest event that this reflects, which is the newest there is. */
  readonly pos: number
  readonly tag: string
  readonly messageCount: number
  readonly unread: number
  /** ISO 8601 UTC: of the newest message, or of the start while there is none. */
  readonly lastActivityAt: string
  readonly lastMessage: {
    readonly pos: number
    readonly mine: boolean
    /** Null when the message is no longer retained. */
    readonly preview: string | null
    readonly sentAt: string
  } | null
}

/**
 * A conversation as one of its two people finds it now: read from the log, not from a read model, so it is never
 * behind and needs no position to wait for.
 */
export class DescribeConversation extends Context.Service<DescribeConversation>()(
  "@indelible/application/conversation/DescribeConversation",
  {
    make: Effect.gen(function* () {
      const store = yield* EventStore
      const opener = yield* EventOpener
      const access = yield* ConversationAccess

      const previewOf = Effect.fnUntraced(function* (stored: StoredEvent) {
        const [opened] = yield* opener
          .open(conversationEvents, [stored])
          .pipe(Effect.mapError((cause) => new Unavailable({ reason: "keys", cause })))
        if (opened === undefined) return yield* Effect.die(new Error("an event was opened to nothing"))
        if (Result.isFailure(opened)) {
          return yield* opened.failure.reason === "unknown"
            ? new Unavailable({ reason: "newer-program-wrote", cause: opened.failure })
            : Effect.die(opened.failure)
        }
        const event = opened.success
        return event.type === "TextSent" && event.body !== null ? preview(event.body.text) : null
      })

      return Effect.fn("DescribeConversation")(function* (by: SubjectId, id: ConversationId) {
        const { head, side } = yield* access.open(by, id)
        const { lastMessagePos, tally } = head.state
        const description = {
          conversation: id,
          side,
          other: head.state[otherSide(side)],
          status: tally.status,
          pos: head.pos,
          tag: head.tag,
          messageCount: tally.seq,
          unread: tally.unread[side]
        }
        // Position 0 is before the first event, which is the start.
        const [newest] = yield* store.readStream(head.streamId, Math.max(0, lastMessagePos - 1), 1)
        if (newest === undefined) return yield* Effect.die(new Error(`${head.streamId} lost an event`))
        const { actor, recordedAt } = newest.header
        if (lastMessagePos === 0) {
          return {
            ...description,
            lastActivityAt: recordedAt,
            lastMessage: null
          } satisfies ConversationDescription
        }
        return {
          ...description,
          lastActivityAt: recordedAt,
          lastMessage: {
            pos: lastMessagePos,
            mine: actor === by,
            preview: yield* previewOf(newest),
            sentAt: recordedAt
          }
        } satisfies ConversationDescription
      })
    })
  }
) {
  static readonly layer = Layer.effect(this, this.make)
}

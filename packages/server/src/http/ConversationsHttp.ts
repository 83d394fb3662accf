import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { CurrentPerson } from "@indelible/api/identity/Authorization"
import { ArchiveConversation } from "@indelible/application/conversation/ArchiveConversation"
import { ConversationAccess } from "@indelible/application/conversation/ConversationAccess"
import { DescribeConversation } from "@indelible/application/conversation/DescribeConversation"
import { MarkRead } from "@indelible/application/conversation/MarkRead"
import { ReopenConversation } from "@indelible/application/conversation/ReopenConversation"
import { StartConversation } from "@indelible/application/conversation/StartConversation"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Inbox, inboxPageLimit } from "@indelible/projections/inbox/Inbox"
import { Unread } from "@indelible/projections/unread/Unread"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { changeOf, viewOfDescription, viewOfEntry } from "./ConversationViews.ts"
import { names } from "./Names.ts"
import { origin } from "./Origin.ts"
import { askedPosition, positionText, withPosition } from "./Positions.ts"
import * as Refusals from "./Refusals.ts"

const commandRefusals = {
  ...Refusals.conversationNotFound,
  ...Refusals.notSaved,
  ...Refusals.neverReused
}

/** Lets a command end in peace when its client is gone: what is recorded should also be told to the devices. */
const command = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.uninterruptible(effect)

export const layer = HttpApiBuilder.group(
  IndelibleApi,
  "conversations",
  Effect.fn(function* (handlers) {
    const start = yield* StartConversation
    const archive = yield* ArchiveConversation
    const reopen = yield* ReopenConversation
    const markRead = yield* MarkRead
    const describe = yield* DescribeConversation
    const access = yield* ConversationAccess
    const inbox = yield* Inbox
    const unread = yield* Unread
    const namesOf = yield* names

    const request = Effect.fnUntraced(function* (conversation: ConversationId) {
      const { subject } = yield* CurrentPerson
      return { by: subject, conversation, commandId: null, origin: yield* origin }
    })

    const view = Effect.fnUntraced(function* (by: SubjectId, conversation: ConversationId) {
      const found = yield* describe(by, conversation)
      return viewOfDescription(found, yield* namesOf([found.other]))
    })

    return handlers.handleAll({
      start: Effect.fnUntraced(
        function* ({ payload: { applicationId } }) {
          const { subject } = yield* CurrentPerson
          const started = yield* command(
            start({ applicationId, by: subject, commandId: null, origin: yield* origin })
          )
          const conversation = yield* view(subject, started.conversation)
          const token = positionText(started.token)
          return started.created
            ? withPosition({ created: true as const, conversation, token })
            : withPosition({ created: false as const, conversation, token })
        },
        Effect.catchTags({
          ...commandRefusals,
          ...Refusals.applicationRequired,
          ...Refusals.directoryUnavailable,
          // It was started a moment ago by whoever asks, so it is theirs.
          ConversationNotFound: Effect.die
        })
      ),

      list: Effect.fnUntraced(
        function* ({ headers, query: { cursor, limit = inboxPageLimit.usual, status = "active" } }) {
          const { subject } = yield* CurrentPerson
          const token = yield* askedPosition(headers)
          const { entries, next } = yield* inbox.list({ subject, view: status, limit, cursor, token })
          const nameOf = yield* namesOf(entries.map(({ other }) => other))
          return { conversations: entries.map((entry) => viewOfEntry(entry, nameOf)), next }
        },
        Effect.catchTags({ ...Refusals.badCursor, ...Refusals.notRead, ...Refusals.directoryUnavailable })
      ),

      totalUnread: Effect.fnUntraced(function* ({ headers }) {
        const { subject } = yield* CurrentPerson
        return { unreadCount: yield* unread.total(subject, yield* askedPosition(headers)) }
      }, Effect.catchTags(Refusals.notRead)),

      one: Effect.fnUntraced(
        function* ({ params: { id } }) {
          return yield* view((yield* CurrentPerson).subject, id)
        },
        Effect.catchTags({
          ...Refusals.conversationNotFound,
          ...Refusals.logUnavailable,
          ...Refusals.directoryUnavailable
        })
      ),

      unread: Effect.fnUntraced(
        function* ({ params: { id } }) {
          const { head, side } = yield* access.open((yield* CurrentPerson).subject, id)
          return { unreadCount: head.state.tally.unread[side] }
        },
        Effect.catchTags({ ...Refusals.conversationNotFound, ...Refusals.logUnavailable })
      ),

      archive: Effect.fnUntraced(
        function* ({ params: { id }, payload }) {
          const basedOn = payload?.basedOn ?? null
          return withPosition(changeOf(yield* command(archive({ ...(yield* request(id)), basedOn }))))
        },
        Effect.catchTags({ ...commandRefusals, ...Refusals.movedOn })
      ),

      reopen: Effect.fnUntraced(
        function* ({ params: { id }, payload }) {
          const basedOn = payload?.basedOn ?? null
          return withPosition(changeOf(yield* command(reopen({ ...(yield* request(id)), basedOn }))))
        },
        Effect.catchTags({ ...commandRefusals, ...Refusals.movedOn })
      ),

      readAll: Effect.fnUntraced(
        function* ({ params: { id } }) {
          return withPosition(changeOf(yield* command(markRead({ ...(yield* request(id)), upTo: "all" }))))
        },
        // The whole conversation is always a place.
        Effect.catchTags({ ...commandRefusals, MessageNotFound: Effect.die })
      )
    })
  })
)

import { CurrentPerson } from "@indelible/api/identity/Authorization"
import { ArchiveConversation } from "@indelible/application/conversation/ArchiveConversation"
import { ConversationAccess } from "@indelible/application/conversation/ConversationAccess"
import { DescribeConversation } from "@indelible/application/conversation/DescribeConversation"
import { MarkRead } from "@indelible/application/conversation/MarkRead"
import { ReopenConversation } from "@indelible/application/conversation/ReopenConversation"
import { StartConversation } from "@indelible/application/conversation/StartConversation"
import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Inbox, type InboxView, inboxPageLimit } from "@indelible/projections/inbox/Inbox"
import { Unread } from "@indelible/projections/unread/Unread"
import { Effect } from "effect"
import { changeOf, viewOfDescription, viewOfEntry } from "./ConversationViews.ts"
import { origin } from "./Origin.ts"
import { others } from "./Others.ts"
import { positionText } from "./Positions.ts"
import * as Refusals from "./Refusals.ts"

interface Listing {
  readonly status?: InboxView
  readonly cursor?: string
  readonly limit?: number
}

const commandRefusals = {
  ...Refusals.conversationNotFound,
  ...Refusals.notSaved,
  ...Refusals.neverReused
}

/** Lets a command end in peace when its client is gone: what is recorded should also be told to the devices. */
const command = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.uninterruptible(effect)

/** What a person may do with conversations, whatever interface they ask by. */
export const conversationAnswers = Effect.gen(function* () {
  const start = yield* StartConversation
  const archive = yield* ArchiveConversation
  const reopen = yield* ReopenConversation
  const markRead = yield* MarkRead
  const describe = yield* DescribeConversation
  const access = yield* ConversationAccess
  const inbox = yield* Inbox
  const unread = yield* Unread
  const othersOf = yield* others

  const request = Effect.fnUntraced(function* (conversation: ConversationId) {
    const { subject } = yield* CurrentPerson
    return { by: subject, conversation, commandId: null, origin: yield* origin }
  })

  const view = Effect.fnUntraced(function* (by: SubjectId, conversation: ConversationId) {
    const found = yield* describe(by, conversation)
    return viewOfDescription(found, yield* othersOf([found.other]))
  })

  return {
    start: Effect.fnUntraced(
      function* (applicationId: string) {
        const { subject } = yield* CurrentPerson
        const asked = { applicationId, by: subject, commandId: null, origin: yield* origin }
        const { conversation, created, token } = yield* command(start(asked))
        return { created, conversation: yield* view(subject, conversation), token: positionText(token) }
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
      function* (asked: Listing, token: PositionToken | undefined) {
        const { cursor, limit = inboxPageLimit.usual, status = "active" } = asked
        const { subject } = yield* CurrentPerson
        const { entries, next } = yield* inbox.list({ subject, view: status, limit, cursor, token })
        const otherOf = yield* othersOf(entries.map(({ other }) => other))
        return { conversations: entries.map((entry) => viewOfEntry(entry, otherOf)), next }
      },
      Effect.catchTags({
        ...Refusals.badCursor,
        ...Refusals.rateLimited,
        ...Refusals.notRead,
        ...Refusals.directoryUnavailable
      })
    ),

    totalUnread: Effect.fnUntraced(function* (token: PositionToken | undefined) {
      const { subject } = yield* CurrentPerson
      return { unreadCount: yield* unread.total(subject, token) }
    }, Effect.catchTags(Refusals.notRead)),

    one: Effect.fnUntraced(
      function* (conversation: ConversationId) {
        return yield* view((yield* CurrentPerson).subject, conversation)
      },
      Effect.catchTags({
        ...Refusals.conversationNotFound,
        ...Refusals.logUnavailable,
        ...Refusals.directoryUnavailable
      })
    ),

    unread: Effect.fnUntraced(
      function* (conversation: ConversationId) {
        const { head, side } = yield* access.open((yield* CurrentPerson).subject, conversation)
        return { unreadCount: head.state.tally.unread[side] }
      },
      Effect.catchTags({ ...Refusals.conversationNotFound, ...Refusals.logUnavailable })
    ),

    /** @param basedOn the position that whoever asks had seen; undefined: as it stands now */
    archive: Effect.fnUntraced(
      function* (conversation: ConversationId, basedOn: number | undefined) {
        const asked = { ...(yield* request(conversation)), basedOn: basedOn ?? null }
        return changeOf(yield* command(archive(asked)))
      },
      Effect.catchTags({ ...commandRefusals, ...Refusals.movedOn })
    ),

    reopen: Effect.fnUntraced(
      function* (conversation: ConversationId, basedOn: number | undefined) {
        const asked = { ...(yield* request(conversation)), basedOn: basedOn ?? null }
        return changeOf(yield* command(reopen(asked)))
      },
      Effect.catchTags({ ...commandRefusals, ...Refusals.movedOn })
    ),

    readAll: Effect.fnUntraced(
      function* (conversation: ConversationId) {
        return changeOf(yield* command(markRead({ ...(yield* request(conversation)), upTo: "all" })))
      },
      // The whole conversation is always a place.
      Effect.catchTags({ ...commandRefusals, MessageNotFound: Effect.die })
    )
  }
})

import type { Joined } from "@indelible/api/realtime/ServerFrame"
import { ConversationAccess } from "@indelible/application/conversation/ConversationAccess"
import type { PersonPresence } from "@indelible/application/live/Presence"
import { otherSide } from "@indelible/domain/conversation/Conversation"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect } from "effect"
import { presenceIn } from "./PresenceFrames.ts"
import { TooManyJoined } from "./Refusals.ts"
import type { Session } from "./Session.ts"
import { Sessions } from "./Sessions.ts"
import { Typing } from "./Typing.ts"
import { UserIds } from "./UserIds.ts"
import { Watchers } from "./Watchers.ts"

const nobody: PersonPresence = { online: false, lastSeenAt: null }

/** Opens conversations on sessions of a person, which from then on are told of the other one's coming, going and typing. */
export const openConversations = Effect.gen(function* () {
  const access = yield* ConversationAccess
  const userIds = yield* UserIds
  const watchers = yield* Watchers
  const typing = yield* Typing
  const { maxJoined } = (yield* Sessions).house.settings

  return {
    /** Opens it on all of them or, where one has as many open as one may, on none. Answers where it stands. */
    join: Effect.fnUntraced(function* (
      sessions: ReadonlyArray<Session>,
      subject: SubjectId,
      conversationId: ConversationId
    ) {
      if (sessions.some(({ joined }) => joined && joined.size >= maxJoined && !joined.has(conversationId))) {
        return yield* new TooManyJoined({ most: maxJoined })
      }
      const { head, side } = yield* access.open(subject, conversationId)
      const other = head.state[otherSide(side)]
      const userId = (yield* userIds([other]))(other) ?? null
      let presence = nobody
      for (const session of sessions) {
        presence = yield* watchers.open(session, conversationId, { subject: other, userId })
      }
      const { seq, status, unread } = head.state.tally
      const joined: typeof Joined.Type = {
        type: "joined",
        conversationId,
        pos: head.pos,
        tag: head.tag,
        status,
        seq,
        unread: unread[side],
        other: userId === null ? null : presenceIn(userId, presence)
      }
      return joined
    }),

    leave: (session: Session, subject: SubjectId, conversationId: ConversationId) => {
      const other = session.joined?.get(conversationId)
      if (other) typing.stop(session, { conversation: conversationId, by: subject, to: other.subject })
      watchers.close(session, conversationId)
    }
  }
})

import { JoinConversation } from "@indelible/api/realtime/ClientFrame"
import { ConversationAccess } from "@indelible/application/conversation/ConversationAccess"
import { otherSide } from "@indelible/domain/conversation/Conversation"
import { Effect } from "effect"
import { personFrame } from "../FrameHandler.ts"
import { presenceIn } from "../PresenceFrames.ts"
import { TooManyJoined } from "../Refusals.ts"
import { Sessions } from "../Sessions.ts"
import { UserIds } from "../UserIds.ts"
import { Watchers } from "../Watchers.ts"

/** Opens a conversation on this socket and tells where it stands. Its messages come joined or not. */
export const joinConversation = Effect.gen(function* () {
  const access = yield* ConversationAccess
  const userIds = yield* UserIds
  const watchers = yield* Watchers
  const { maxJoined } = (yield* Sessions).house.settings
  return personFrame(JoinConversation, (session, { subject }, { conversationId, id }) =>
    Effect.gen(function* () {
      const joined = session.joined?.size ?? 0
      if (joined >= maxJoined && !session.joined?.has(conversationId)) {
        return yield* new TooManyJoined({ most: maxJoined })
      }
      const { head, side } = yield* access.open(subject, conversationId)
      const other = head.state[otherSide(side)]
      const userId = (yield* userIds([other]))(other) ?? null
      const presence = yield* watchers.open(session, conversationId, { subject: other, userId })
      const { seq, status, unread } = head.state.tally
      session.answer(id, {
        type: "joined",
        conversationId,
        pos: head.pos,
        tag: head.tag,
        status,
        seq,
        unread: unread[side],
        other: userId === null ? null : presenceIn(userId, presence)
      })
    })
  )
})

import { JoinConversation } from "@indelible/api/realtime/ClientFrame"
import { ConversationAccess } from "@indelible/application/conversation/ConversationAccess"
import { Effect } from "effect"
import { personFrame } from "../FrameHandler.ts"
import { TooManyJoined } from "../Refusals.ts"
import { Sessions } from "../Sessions.ts"

/** Opens a conversation on this socket and tells where it stands. Its messages come joined or not. */
export const joinConversation = Effect.gen(function* () {
  const access = yield* ConversationAccess
  const { maxJoined } = (yield* Sessions).house.settings
  return personFrame(JoinConversation, (session, { subject }, { conversationId, id }) =>
    Effect.gen(function* () {
      const joined = session.joined ?? new Set()
      if (joined.size >= maxJoined && !joined.has(conversationId)) {
        return yield* new TooManyJoined({ most: maxJoined })
      }
      const { head, side } = yield* access.open(subject, conversationId)
      session.joined = joined.add(conversationId)
      const { seq, status, unread } = head.state.tally
      session.answer(id, {
        type: "joined",
        conversationId,
        pos: head.pos,
        tag: head.tag,
        status,
        seq,
        unread: unread[side]
      })
    })
  )
})

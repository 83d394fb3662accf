import { JoinConversation } from "@indelible/api/realtime/ClientFrame"
import { Effect } from "effect"
import { personFrame } from "../FrameHandler.ts"
import { openConversations } from "../OpenConversations.ts"

/** Opens a conversation on this socket and tells where it stands. Its messages come joined or not. */
export const joinConversation = Effect.map(openConversations, ({ join }) =>
  personFrame(JoinConversation, (session, { subject }, { conversationId, id }) =>
    Effect.map(join([session], subject, conversationId), (joined) => session.answer(id, joined))
  )
)

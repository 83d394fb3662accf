import { LeaveConversation } from "@indelible/api/realtime/ClientFrame"
import { Effect } from "effect"
import { personFrame } from "../FrameHandler.ts"
import { openConversations } from "../OpenConversations.ts"

export const leaveConversation = Effect.map(openConversations, ({ leave }) =>
  personFrame(LeaveConversation, (session, { subject }, { conversationId, id }) =>
    Effect.sync(() => {
      leave(session, subject, conversationId)
      session.answer(id, { type: "left", conversationId })
    })
  )
)

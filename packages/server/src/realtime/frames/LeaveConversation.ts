import { LeaveConversation } from "@indelible/api/realtime/ClientFrame"
import { Effect } from "effect"
import { personFrame } from "../FrameHandler.ts"

export const leaveConversation = personFrame(LeaveConversation, (session, _person, { conversationId, id }) =>
  Effect.sync(() => {
    session.joined?.delete(conversationId)
    session.answer(id, { type: "left", conversationId })
  })
)

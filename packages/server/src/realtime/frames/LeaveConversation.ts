import { LeaveConversation } from "@indelible/api/realtime/ClientFrame"
import { Effect } from "effect"
import { personFrame } from "../FrameHandler.ts"
import { Typing } from "../Typing.ts"
import { Watchers } from "../Watchers.ts"

export const leaveConversation = Effect.gen(function* () {
  const typing = yield* Typing
  const watchers = yield* Watchers
  return personFrame(LeaveConversation, (session, { subject }, { conversationId, id }) =>
    Effect.sync(() => {
      const other = session.joined?.get(conversationId)
      if (other) typing.stop(session, { conversation: conversationId, by: subject, to: other.subject })
      watchers.close(session, conversationId)
      session.answer(id, { type: "left", conversationId })
    })
  )
})

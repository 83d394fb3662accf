import { MarkRead as MarkReadFrame } from "@indelible/api/realtime/ClientFrame"
import { MarkRead } from "@indelible/application/conversation/MarkRead"
import { Effect } from "effect"
import { answeredByEvent } from "../AwaitedFrame.ts"
import { personFrame } from "../FrameHandler.ts"

export const markRead = Effect.map(MarkRead, (mark) =>
  personFrame(MarkReadFrame, (session, { subject }, frame) => {
    const { conversationId, upTo } = frame
    return answeredByEvent(
      session,
      frame,
      "MessagesRead",
      (origin) =>
        mark({
          by: subject,
          conversation: conversationId,
          commandId: null,
          origin,
          upTo: upTo === "all" ? upTo : { pos: upTo }
        }),
      ({ recorded }) => recorded !== null,
      () => ({
        type: "message_read",
        conversationId,
        repeat: true
      })
    )
  })
)

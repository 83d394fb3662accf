import { AckDelivered } from "@indelible/api/realtime/ClientFrame"
import { MarkDelivered } from "@indelible/application/conversation/MarkDelivered"
import { Effect } from "effect"
import { answeredByEvent } from "../AwaitedFrame.ts"
import { personFrame } from "../FrameHandler.ts"

export const ackDelivered = Effect.map(MarkDelivered, (mark) =>
  personFrame(AckDelivered, (session, { subject }, frame) => {
    const { conversationId, upTo } = frame
    return answeredByEvent(
      session,
      frame,
      "MessagesDelivered",
      (origin) =>
        mark({ by: subject, conversation: conversationId, commandId: null, origin, upTo: { pos: upTo } }),
      ({ recorded }) => recorded !== null,
      () => ({
        type: "message_delivered",
        conversationId,
        repeat: true
      })
    )
  })
)

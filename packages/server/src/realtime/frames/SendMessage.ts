import { SendMessage } from "@indelible/api/realtime/ClientFrame"
import { SendText, type SentMessage } from "@indelible/application/conversation/SendText"
import { Effect } from "effect"
import { answeredByEvent } from "../AwaitedFrame.ts"
import { personFrame } from "../FrameHandler.ts"

export const sendMessage = Effect.map(SendText, (send) =>
  personFrame(SendMessage, (session, { subject }, frame) => {
    const { clientMessageId, conversationId, metadata = null, text } = frame
    return answeredByEvent(
      session,
      frame,
      "TextSent",
      (origin) =>
        send({ by: subject, conversation: conversationId, clientMessageId, text, metadata, origin }),
      ({ repeat }) => !repeat,
      ({ messageId, pos, sentAt, seq, tag }: SentMessage) => ({
        type: "message_sent",
        conversationId,
        pos,
        tag,
        messageId,
        seq,
        sentAt,
        clientMessageId,
        repeat: true
      })
    )
  })
)

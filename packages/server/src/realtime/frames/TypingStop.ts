import { TypingStop } from "@indelible/api/realtime/ClientFrame"
import { Effect } from "effect"
import { personFrame } from "../FrameHandler.ts"
import { Typing, typingFrame } from "../Typing.ts"
import { typingPlace } from "../TypingPlace.ts"

export const typingStop = Effect.map(Typing, (typing) =>
  personFrame(TypingStop, (session, { subject, userId }, { conversationId, id }) =>
    Effect.map(typingPlace(session, subject, conversationId), (place) => {
      typing.stop(session, place)
      if (id !== undefined) session.answer(id, typingFrame(conversationId, userId, 0))
    })
  )
)

import { TypingStart } from "@indelible/api/realtime/ClientFrame"
import { Effect } from "effect"
import { personFrame } from "../FrameHandler.ts"
import { Typing, typingFrame } from "../Typing.ts"
import { typingFor } from "../TypingHere.ts"
import { typingPlace } from "../TypingPlace.ts"

export const typingStart = Effect.map(Typing, (typing) =>
  personFrame(TypingStart, (session, { subject, userId }, { conversationId, id }) =>
    Effect.map(typingPlace(session, subject, conversationId), (place) => {
      typing.start(session, place)
      if (id !== undefined) session.answer(id, typingFrame(conversationId, userId, typingFor))
    })
  )
)

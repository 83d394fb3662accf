import { Resume } from "@indelible/api/realtime/ClientFrame"
import type { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { Effect } from "effect"
import { personFrame } from "../FrameHandler.ts"
import { HandedOut } from "../HandedOut.ts"
import type { ResumeAnswer, ResumedFrames } from "../ResumeAnswer.ts"
import { Resumer } from "../Resumer.ts"
import type { Session } from "../Session.ts"
import { UnreadTotals } from "../UnreadTotals.ts"

const resumedFrame = ({ conversations, moreOthers, others }: ResumeAnswer): ServerFrame => ({
  type: "resumed",
  conversations: conversations.map(({ told }) => told),
  ...(others === undefined ? {} : { others }),
  ...(others !== undefined && moreOthers ? { moreOthers: true as const } : {})
})

/** Holds live frames back first, then reads, so that nothing can fall between the two. */
export const resume = Effect.gen(function* () {
  const { resume: missedBy } = yield* Resumer
  const handedOut = yield* HandedOut
  const totals = yield* UnreadTotals

  const release = (session: Session, { frames, reaches, told }: ResumedFrames) => {
    for (const { text } of frames) session.sendText(text)
    if (told.state !== "live" || reaches === undefined) return session.leftBehind(told.conversationId)
    session.caughtUp(told.conversationId, told.pos, handedOut.upTo(reaches.slice) >= reaches.slicePos)
  }

  return personFrame(Resume, (session, { subject }, { conversations: cursors, id, others = false }) =>
    Effect.gen(function* () {
      for (const { conversationId } of cursors) session.catchUp(conversationId)
      const answer = yield* missedBy({ subject, cursors, others })
      for (const each of answer.conversations) release(session, each)
      session.answer(id, resumedFrame(answer))
      totals.changed(subject)
    }).pipe(
      // Live frames go on, with the gap that the client knows of.
      Effect.onError(() =>
        Effect.sync(() => {
          for (const { conversationId } of cursors) session.caughtUp(conversationId, 0, true)
        })
      )
    )
  )
})

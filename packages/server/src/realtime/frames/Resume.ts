import { Resume } from "@indelible/api/realtime/ClientFrame"
import type { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { Effect } from "effect"
import { personFrame } from "../FrameHandler.ts"
import { HandedOut } from "../HandedOut.ts"
import type { ResumeAnswer, ResumedFrames } from "../ResumeAnswer.ts"
import { Resumer } from "../Resumer.ts"
import type { Refusal, Session } from "../Session.ts"
import { Sessions } from "../Sessions.ts"
import { UnreadTotals } from "../UnreadTotals.ts"

const resumedFrame = ({ conversations, moreOthers, others }: ResumeAnswer): ServerFrame => ({
  type: "resumed",
  conversations: conversations.map(({ told }) => told),
  ...(others === undefined ? {} : { others }),
  ...(others !== undefined && moreOthers ? { moreOthers: true as const } : {})
})

/** At this rate a connection is caught up. */
export const eventsPerSecond = 1_000

/** Milliseconds that each event costs it before it is caught up again. */
const perEvent = 1_000 / eventsPerSecond

const tooSoon = (retryAfterMs: number): Refusal => ({
  code: "rate_limited",
  message: "this socket was caught up a moment ago; go on after retryAfterMs",
  retryAfterMs
})

/** Holds live frames back first, then reads, so that nothing can fall between the two. */
export const resume = Effect.gen(function* () {
  const { resume: missedBy } = yield* Resumer
  const { now } = (yield* Sessions).house
  const handedOut = yield* HandedOut
  const totals = yield* UnreadTotals

  const goOn = (session: Session, { reaches, told }: ResumedFrames) => {
    if (told.state !== "live" || reaches === undefined) return session.leftBehind(told.conversationId)
    session.caughtUp(told.conversationId, told.pos, handedOut.upTo(reaches.slice) >= reaches.slicePos)
  }

  return personFrame(Resume, (session, { subject }, { conversations: cursors, id, others = false }) =>
    Effect.gen(function* () {
      const early = session.caughtUpWith.resumesFrom - now()
      if (early > 0) return session.refuse(id, tooSoon(early))
      for (const { conversationId } of cursors) session.catchUp(conversationId)
      const answer = yield* missedBy({ subject, cursors, others })
      for (const { frames } of answer.conversations) for (const { text } of frames) session.sendText(text)
      const events = answer.conversations.reduce((sum, { frames }) => sum + frames.length, 0)
      const { caughtUpWith } = session
      caughtUpWith.resumesFrom = Math.max(now(), caughtUpWith.resumesFrom) + perEvent * events
      // Before what was held back: the counts that it tells are of before that.
      session.answer(id, resumedFrame(answer))
      for (const each of answer.conversations) goOn(session, each)
      totals.changed(subject)
      // Not older than what was told: nobody may ever tell again of an event that came just before.
      for (const { reaches } of answer.conversations)
        if (reaches !== undefined) totals.changed(subject, reaches)
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

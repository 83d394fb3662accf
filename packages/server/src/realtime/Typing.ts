import type { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Context, Effect, Latch, Layer } from "effect"
import type { Session } from "./Session.ts"
import { Sessions } from "./Sessions.ts"
import { TypingHere, type TypingSignal, typingFor } from "./TypingHere.ts"
import type { TypingPlace } from "./TypingPlace.ts"
import { TypingShown } from "./TypingShown.ts"

/** While somebody types, this often it is looked who does not any more. */
const every = "100 millis"

export const typingFrame = (
  conversationId: ConversationId,
  userId: string,
  expiresInMs = typingFor
): ServerFrame =>
  expiresInMs > 0
    ? { type: "user_typing", conversationId, userId, typing: true, expiresInMs }
    : { type: "user_typing", conversationId, userId, typing: false }

/**
 * Tells people who have a conversation open that the other one types there. It ends 3 s after it was last said, with a
 * message, with the socket, and with the node on which it was said.
 */
export class Typing extends Context.Service<Typing>()("@indelible/server/realtime/Typing", {
  make: Effect.gen(function* () {
    const sessions = yield* Sessions
    const { now } = sessions.house
    const here = new TypingHere()
    const shown = new TypingShown()
    const someoneTypes = Latch.makeUnsafe(false)

    /** To those who have the conversation open here. */
    const show = (signal: TypingSignal) => {
      const { conversation, expiresIn, to } = signal
      for (const session of sessions.of(to)) {
        const by = session.joined?.get(conversation)
        if (by?.userId) session.answer(undefined, typingFrame(conversation, by.userId, expiresIn))
      }
    }

    const take = (signal: TypingSignal) => {
      if (shown.take(signal, now())) show(signal)
      if (here.size + shown.size > 0) someoneTypes.openUnsafe()
    }

    const tell = (signal: TypingSignal | undefined) => {
      if (signal !== undefined) take(signal)
    }

    const look = Effect.gen(function* () {
      yield* someoneTypes.await
      yield* Effect.sleep(every)
      for (const signal of here.due(now())) tell(signal)
      for (const signal of shown.overdue(now())) take(signal)
      if (here.size + shown.size === 0) yield* someoneTypes.close
    })
    yield* Effect.forkScoped(Effect.forever(look))

    return {
      start: (session: Session, place: TypingPlace) => tell(here.start(session, place, now())),
      stop: (session: Session, place: TypingPlace) => tell(here.stop(session, place)),
      /** They sent what they typed, on whichever way. */
      sent: (place: TypingPlace) => {
        tell(here.end(place))
        take({ ...place, expiresIn: 0 })
      }
    }
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}

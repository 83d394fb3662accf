import type { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { LiveBus } from "@indelible/application/live/LiveBus"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Context, Effect, FiberSet, Latch, Layer } from "effect"
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
    const bus = yield* LiveBus
    const run = yield* FiberSet.makeRuntime()
    const someoneTypes = Latch.makeUnsafe(false)

    /** To those who have the conversation open here; whether there are any. */
    const show = ({ conversation, expiresIn, to }: TypingSignal): boolean => {
      let seen = false
      for (const session of sessions.of(to)) {
        const by = session.joined?.get(conversation)
        if (by === undefined || by.userId === null) continue
        seen = true
        session.answer(undefined, typingFrame(conversation, by.userId, expiresIn))
      }
      return seen
    }

    const take = (signal: TypingSignal) => {
      if (signal.expiresIn <= 0) {
        if (shown.end(signal)) show(signal)
      } else if (show(signal)) {
        shown.begin(signal, now())
        someoneTypes.openUnsafe()
      }
    }

    /** Here at once, and by the bus on the other nodes. */
    const tell = (signal: TypingSignal | undefined) => {
      if (signal === undefined) return
      take(signal)
      run(bus.publish({ _tag: "TypingTold", ...signal }))
    }

    yield* bus.subscribe((message) => {
      if (message._tag !== "TypingTold") return
      const { by, conversation, expiresIn, to } = message
      take({ by, conversation, to, expiresIn: Math.min(expiresIn, typingFor) })
    })

    const look = Effect.gen(function* () {
      yield* someoneTypes.await
      yield* Effect.sleep(every)
      for (const signal of here.due(now())) tell(signal)
      for (const signal of shown.overdue(now())) take(signal)
      if (here.size + shown.size === 0) yield* someoneTypes.close
    })
    yield* Effect.forkScoped(Effect.forever(look))

    return {
      start: (session: Session, place: TypingPlace) => {
        tell(here.start(session, place, now()))
        someoneTypes.openUnsafe()
      },
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

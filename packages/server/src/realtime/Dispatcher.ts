import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Cause, Context, Effect, FiberSet, Layer, Queue, Result, Semaphore } from "effect"
import type { FrameWork } from "./FrameHandler.ts"
import { frameHandlers } from "./FrameHandlers.ts"
import { readFrame } from "./FrameReader.ts"
import { internalError, nodeStops, refusalOf, unknownType } from "./Refusals.ts"
import type { Session } from "./Session.ts"
import { Sessions } from "./Sessions.ts"

/**
 * Works on the frames of all sockets, in one loop:
 *
 * - **In order**: a session's next frame is looked at when the one before is done with.
 * - **Fair**: sessions that have something to say stand in one line, each once, and have one frame a turn.
 * - **Bounded**: frames that wait for each session and for all, and how many are worked on at once. Past a bound the
 *   socket is closed, by name.
 */
export class Dispatcher extends Context.Service<Dispatcher>()("@indelible/server/realtime/Dispatcher", {
  make: Effect.gen(function* () {
    const handlers = yield* frameHandlers
    const { house } = yield* Sessions
    const { maxInFlight, maxWaiting, maxWaitingInAll } = house.settings
    const slots = yield* Semaphore.make(maxInFlight)
    // Each session is in it at most once, so it is no longer than the sockets are many.
    const line = yield* Queue.unbounded<Session>()
    const inFlight = yield* FiberSet.make()
    const run = yield* FiberSet.runtime(inFlight)<Effect.Services<FrameWork>>()
    let waiting = 0
    let stopping = false

    const standInLine = (session: Session) => {
      session.inHand = true
      Queue.offerUnsafe(line, session)
    }

    /** Frames of a socket that is gone are not worked on. */
    const forget = (session: Session) => {
      waiting -= session.waiting.length
      session.waiting.length = 0
    }

    const next = (session: Session) => {
      session.inHand = false
      if (!session.live) forget(session)
      else if (session.waiting.length > 0) standInLine(session)
    }

    const work = (session: Session, text: string): Effect.Effect<void, never, Effect.Services<FrameWork>> => {
      const read = readFrame(text)
      if (Result.isFailure(read)) {
        return Effect.sync(() => session.refuse(read.failure.id, read.failure.refusal))
      }
      const { frame, id, type } = read.success
      if (stopping) return Effect.sync(() => session.refuse(id, nodeStops))
      const handler = handlers.get(type)
      if (handler === undefined) return Effect.sync(() => session.refuse(id, unknownType))
      const accepted = handler.accept(session, frame)
      if (Result.isFailure(accepted)) return Effect.sync(() => session.refuse(id, accepted.failure))
      return accepted.success.pipe(
        Effect.catch((failure) => {
          session.refuse(id, refusalOf(failure))
          if (failure._tag !== "ConversationNotFound") return Effect.void
          return Effect.logInfo("a frame named a conversation that is not its sender's")
        }),
        Effect.catchCause((cause) => {
          if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause)
          session.refuse(id, internalError)
          return Effect.logError("a frame could not be handled", cause)
        }),
        Effect.annotateLogs({ frame: type, subject: session.principal?.subject ?? "unknown" })
      )
    }

    const turn = Effect.fnUntraced(function* (session: Session) {
      const text = session.live ? session.waiting.shift() : undefined
      if (text === undefined) return next(session)
      waiting -= 1
      yield* slots.take(1)
      run(
        Effect.ensuring(
          Effect.suspend(() => work(session, text)),
          Effect.andThen(
            slots.release(1),
            Effect.sync(() => next(session))
          )
        )
      )
    })

    yield* Effect.forkScoped(
      Effect.forever(Effect.flatMap(Queue.takeAll(line), Effect.forEach(turn, { discard: true })))
    )

    return {
      /** Takes a frame from a socket. */
      offer: (session: Session, text: string) => {
        if (session.waiting.length >= maxWaiting) {
          return session.end(CloseCode.tooFast, "too many frames wait for their turn")
        }
        if (waiting >= maxWaitingInAll) return session.end(CloseCode.overloaded, "too much to do")
        session.waiting.push(text)
        waiting += 1
        if (!session.inHand) standInLine(session)
      },
      /** From here on frames are refused; ends when those that were begun are answered. */
      stop: Effect.suspend(() => {
        stopping = true
        return FiberSet.awaitEmpty(inFlight)
      })
    }
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}

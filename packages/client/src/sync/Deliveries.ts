import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect, Latch, type Scope } from "effect"
import type { AskFailure } from "../connection/AskFailure.ts"
import type { AskedFrame } from "../connection/Line.ts"
import type { HeardFrame } from "../connection/ReadFrame.ts"

/** Milliseconds in which arriving messages of a conversation gather: one acknowledgement is for all of them. */
const PAUSE = 60

type Ask = (frame: AskedFrame) => Effect.Effect<HeardFrame, AskFailure>

export interface Deliveries {
  /** A message of the other person at this place is on this device. */
  readonly has: (conversationId: string, pos: number) => void
}

/**
 * Tells the service what this device has. What it could not tell it tells with the next message, or on the next
 * connection, where `has` is called again.
 */
export const acknowledge = Effect.fnUntraced(function* (
  ask: Ask
): Effect.fn.Return<Deliveries, never, Scope.Scope> {
  const waiting = new Map<string, number>()
  const told = new Map<string, number>()
  const wake = Latch.makeUnsafe(false)

  const tell = Effect.fnUntraced(function* (conversationId: string, pos: number) {
    const upTo = { conversationId: ConversationId.make(conversationId), upTo: pos }
    const outcome = yield* Effect.result(ask({ type: "ack_delivered", ...upTo }))
    if (outcome._tag === "Success") told.set(conversationId, Math.max(pos, told.get(conversationId) ?? 0))
  })

  yield* Effect.forkScoped(
    Effect.forever(
      Effect.gen(function* () {
        yield* wake.await
        yield* Effect.sleep(PAUSE)
        wake.closeUnsafe()
        const now = [...waiting]
        waiting.clear()
        yield* Effect.forEach(now, ([id, pos]) => tell(id, pos), { concurrency: 8, discard: true })
      })
    )
  )

  return {
    has: (conversationId, pos) => {
      if (pos <= (told.get(conversationId) ?? 0)) return
      waiting.set(conversationId, Math.max(pos, waiting.get(conversationId) ?? 0))
      wake.openUnsafe()
    }
  }
})

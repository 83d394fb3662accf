import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect, Schema } from "effect"
import type { AskFailure } from "../connection/AskFailure.ts"
import type { AskedFrame } from "../connection/Line.ts"
import type { HeardFrame } from "../connection/ReadFrame.ts"

type Ask = (frame: AskedFrame) => Effect.Effect<HeardFrame, AskFailure>

const isConversationId = Schema.is(ConversationId)

/** Times that a mark is told again on one line, and milliseconds between them. */
const AGAIN = 3
const PAUSE = 2_000

/** What was read and the service does not know yet: it outlives the view in which it was read, and the line. */
export class Reading {
  readonly #ask: Ask
  readonly #untold = new Map<string, number>()

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** Everything up to there was read. */
  tell(id: string, upTo: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (!isConversationId(id)) return Effect.void
      const furthest = Math.max(upTo, this.#untold.get(id) ?? 0)
      this.#untold.set(id, furthest)
      return this.#ask({ type: "mark_read", conversationId: id, upTo: furthest }).pipe(
        Effect.retry({
          times: AGAIN,
          // Without a line it waits for the next one.
          while: ({ _tag }) => (_tag === "LineLost" ? false : Effect.as(Effect.sleep(PAUSE), true))
        }),
        Effect.tap(() => Effect.sync(() => this.#untold.get(id) === furthest && this.#untold.delete(id))),
        Effect.ignore
      )
    })
  }

  /** There is a new line. */
  readonly again: Effect.Effect<void> = Effect.suspend(() =>
    Effect.forEach([...this.#untold], ([id, upTo]) => this.tell(id, upTo), { concurrency: 4, discard: true })
  )
}

import { Effect, Latch } from "effect"
import type { AskFailure } from "../../packages/client/src/connection/AskFailure.ts"
import { LineLost, NoAnswer, Refused } from "../../packages/client/src/connection/AskFailure.ts"
import type { AskedFrame } from "../../packages/client/src/connection/Line.ts"
import type { HeardFrame } from "../../packages/client/src/connection/ReadFrame.ts"
import { heardAs, messageIdAt, tagAt, timeAt } from "./Histories.ts"

type Sending = Extract<AskedFrame, { readonly type: "send_message" }>
type Answer = "sent" | "repeat" | Effect.Effect<HeardFrame, AskFailure>

export const refused = (code: string, retryAfterMs: number | null = null) =>
  Effect.fail(new Refused({ code, detail: `it is ${code}`, retryAfterMs }))
export const lost = (code = 1006) => Effect.fail(new LineLost({ code, reason: "cut" }))
export const noAnswer = Effect.fail(new NoAnswer({ asked: "send_message" }))

/** A connection that answers messages as it was told to, and then that they are sent. */
export class ScriptedConnection {
  readonly asked: Array<string> = []
  readonly #script: Array<Answer>
  readonly #online = Latch.makeUnsafe(true)
  #pos = 0

  constructor(...script: ReadonlyArray<Answer>) {
    this.#script = [...script]
  }

  readonly online = this.#online.await

  offline(): void {
    this.#online.closeUnsafe()
  }

  back(): void {
    this.#online.openUnsafe()
  }

  readonly ask = (frame: AskedFrame): Effect.Effect<HeardFrame, AskFailure> =>
    Effect.suspend(() => {
      if (frame.type !== "send_message") return Effect.die(new Error(`${frame.type} is not scripted`))
      this.asked.push(frame.text)
      const answer = this.#script.shift() ?? "sent"
      return typeof answer === "string" ? Effect.sync(() => this.#sent(frame, answer)) : answer
    })

  #sent({ clientMessageId, conversationId }: Sending, answer: "sent" | "repeat") {
    this.#pos += 1
    const pos = this.#pos
    const durable = { conversationId, pos, tag: tagAt(pos), messageId: messageIdAt(pos), seq: pos }
    const repeat = answer === "repeat" && { repeat: true }
    return heardAs({ type: "message_sent", ...durable, ...repeat, sentAt: timeAt(pos), clientMessageId })
  }
}

import { randomUUID } from "node:crypto"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { percentile } from "../Latencies.ts"
import type { Conversation } from "./LiveConversation.ts"

export interface Delivered {
  readonly sent: number
  readonly lost: number
  readonly p50: number
  readonly p99: number
}

/**
 * Sends at a steady rate whatever the answers do, and measures each message from the moment at which it was to be sent
 * until it came out of the other side's socket.
 */
export class OpenLoop {
  readonly #conversations: ReadonlyArray<Conversation>
  readonly #due = new Map<string, number>()
  #latencies: Array<number> = []
  #sent = 0
  #timer: NodeJS.Timeout | undefined

  constructor(conversations: ReadonlyArray<Conversation>) {
    this.#conversations = conversations
    for (const { sockets } of conversations) {
      sockets.worker.socket.on("message", (data) => {
        const text = data.toString()
        const key = /"text":"([^"]+)"/.exec(text)?.[1]
        const due = key === undefined ? undefined : this.#due.get(key)
        if (key === undefined || due === undefined) return
        this.#due.delete(key)
        this.#latencies.push(performance.now() - due)
      })
    }
  }

  /** @param perSecond messages */
  start(perSecond: number): void {
    const begin = performance.now()
    this.#timer = setInterval(() => {
      const now = performance.now()
      for (
        let next = begin + (this.#sent * 1_000) / perSecond;
        next <= now;
        next = begin + (this.#sent * 1_000) / perSecond
      ) {
        const conversation = this.#conversations[this.#sent % this.#conversations.length]
        if (conversation === undefined) return
        const key = randomUUID()
        this.#due.set(key, next)
        this.#sent += 1
        conversation.sockets.business.post({
          type: "send_message",
          conversationId: ConversationId.make(conversation.id),
          clientMessageId: ClientMessageId.make(randomUUID()),
          text: key
        })
      }
    }, 1)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** What was delivered since the last time; what is still on its way after a second is lost. */
  take(): Delivered {
    const sorted = this.#latencies.sort((a, b) => a - b)
    this.#latencies = []
    const late = performance.now() - 1_000
    return {
      sent: sorted.length,
      lost: [...this.#due.values()].filter((due) => due < late).length,
      p50: Number(percentile(sorted, 50).toFixed(1)),
      p99: Number(percentile(sorted, 99).toFixed(1))
    }
  }
}

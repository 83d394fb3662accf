import { History, List } from "../../http/Answers.ts"
import { ask } from "../../http/Ask.ts"
import type { Conversation } from "./LiveConversation.ts"

/** Someone who looks at the inbox and at a conversation again and again, and remembers what they have seen. */
export class Reader {
  /** Answers that were empty or showed less than one before. */
  fallen = 0
  /** Answers that were no answer. */
  refused = 0
  read = 0
  #inbox = 0
  #history = 0
  #goes = true
  readonly #running: Promise<void>

  constructor(origin: string, { id, tokens }: Conversation) {
    this.#running = this.#run(origin, id, { headers: { authorization: `Bearer ${tokens.worker}` } })
  }

  async #run(origin: string, id: string, options: { readonly headers: Readonly<Record<string, string>> }) {
    while (this.#goes) {
      const list = await ask(origin, "GET", "/conversations", undefined, options)
      if (list.status === 200) {
        const pos = list.as(List).conversations.find((each) => each.id === id)?.pos ?? 0
        this.#saw(pos, this.#inbox)
        this.#inbox = Math.max(pos, this.#inbox)
      } else this.refused += 1
      const history = await ask(origin, "GET", `/conversations/${id}/messages?limit=10`, undefined, options)
      if (history.status === 200) {
        const page = history.as(History)
        this.#saw(page.messages.length === 0 ? 0 : (page.reflects?.pos ?? 0), this.#history)
        this.#history = Math.max(page.reflects?.pos ?? 0, this.#history)
      } else this.refused += 1
      await new Promise((resume) => setTimeout(resume, 20))
    }
  }

  #saw(pos: number, before: number) {
    this.read += 1
    if (pos === 0 || pos < before) this.fallen += 1
  }

  async stop(): Promise<void> {
    this.#goes = false
    await this.#running
  }
}

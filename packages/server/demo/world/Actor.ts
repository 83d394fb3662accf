import { ConversationView } from "@indelible/api/conversation/ConversationView"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Schema } from "effect"
import { DemoFailure } from "../DemoFailure.ts"
import { people } from "./People.ts"
import { type As, applicationOf } from "./Platform.ts"
import type { Step } from "./Schedule.ts"
import type { Talk } from "./Talk.ts"

const anything = Schema.Unknown
const Started = Schema.Struct({ conversation: ConversationView })
const Sent = Schema.Struct({ pos: Schema.Int, token: Schema.String })
const Called = Schema.Struct({ result: Schema.Struct({ pos: Schema.Int }) })

interface Place {
  readonly conversation: ConversationId
  /** Of the newest message. */
  readonly pos: number
  /** What a read has to be at least as fresh as to show that. */
  readonly token: string | undefined
}

/** Does what people do, each by their own token, over the interface that everyone has. */
export class Actor {
  readonly #as: As
  readonly #places = new Map<Talk, Place>()

  constructor(as: As) {
    this.#as = as
  }

  async do(step: Step): Promise<void> {
    const { by, talk } = step
    const rest = this.#as(people[talk[by]])
    if (step._tag === "Start") {
      const body = { applicationId: applicationOf(talk.key) }
      const { conversation } = await rest.ask(Started, "POST", "/conversations", { body })
      this.#places.set(talk, {
        conversation: conversation.id,
        pos: conversation.pos,
        token: undefined
      })
      return
    }
    const { conversation, pos } = this.#placeOf(talk)
    const path = `/conversations/${conversation}`
    switch (step._tag) {
      case "Say": {
        const body = { type: "TEXT", clientMessageId: step.clientMessageId, text: step.text }
        const [sent] = await Promise.all([
          rest.ask(Sent, "POST", `${path}/messages`, { body }),
          step.reads && rest.ask(anything, "POST", `${path}/read`)
        ])
        this.#places.set(talk, { conversation, ...sent })
        return
      }
      case "Read":
        await rest.ask(anything, "POST", `${path}/read`)
        return
      case "Deliver": {
        const params = { conversationId: conversation, upTo: pos }
        const body = { jsonrpc: "2.0", id: 1, method: "MarkDelivered", params }
        await rest.ask(Called, "POST", "/rpc", { body })
        return
      }
      case "Archive":
        await rest.ask(anything, "PATCH", `${path}/archive`)
    }
  }

  /** Until both the list and the conversation show all that was said. */
  async seen(talk: Talk): Promise<void> {
    const rest = this.#as(people[talk.business])
    const { conversation, token: position } = this.#placeOf(talk)
    if (position === undefined) return
    await Promise.all(
      ["/conversations?limit=1", `/conversations/${conversation}/messages?limit=1`].map((path) =>
        rest.ask(anything, "GET", path, { position })
      )
    )
  }

  #placeOf(talk: Talk): Place {
    const place = this.#places.get(talk)
    if (place === undefined) throw new DemoFailure(`${talk.key} goes on before it has begun`)
    return place
  }
}

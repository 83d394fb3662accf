import { setTimeout as sleep } from "node:timers/promises"
import { ConversationView } from "@indelible/api/conversation/ConversationView"
import { MessageView } from "@indelible/api/message/MessageView"
import { Schema } from "effect"
import { DemoFailure, PATIENCE } from "../DemoFailure.ts"
import type { RestClient } from "../RestClient.ts"

/** A conversation as one of its two people gets it by REST. */
export interface ConversationSeen {
  readonly conversation: ConversationView
  readonly entries: ReadonlyArray<MessageView>
  /** In all of this person's conversations. */
  readonly unreadInAll: number
}

const List = Schema.Struct({ conversations: Schema.Array(ConversationView) })
const Unread = Schema.Struct({ unreadCount: Schema.Int })
const History = Schema.Struct({
  messages: Schema.Array(MessageView),
  reflects: Schema.NullOr(Schema.Struct({ pos: Schema.Int }))
})

/** Looks until the views reflect an event, which they do within milliseconds. */
export const lookAt = async (rest: RestClient, id: string, pos: number): Promise<ConversationSeen> => {
  const patientUntil = Date.now() + PATIENCE
  for (;;) {
    const { conversations } = await rest.ask(List, "GET", "/conversations")
    const history = await rest.ask(History, "GET", `/conversations/${id}/messages?limit=100`)
    const conversation = conversations.find((one) => one.id === id)
    if (conversation !== undefined && conversation.pos >= pos && (history.reflects?.pos ?? 0) >= pos) {
      const { unreadCount } = await rest.ask(Unread, "GET", "/conversations/unread-count")
      return { conversation, entries: history.messages, unreadInAll: unreadCount }
    }
    if (Date.now() > patientUntil) {
      throw new DemoFailure(`list and history still do not show event ${pos} of the conversation`)
    }
    await sleep(20)
  }
}

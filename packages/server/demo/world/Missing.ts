import { ConversationView } from "@indelible/api/conversation/ConversationView"
import { Schema } from "effect"
import { type Person, people } from "./People.ts"
import type { As } from "./Platform.ts"
import { messagesIn } from "./Schedule.ts"
import type { Talk } from "./Talk.ts"

const List = Schema.Struct({ conversations: Schema.Array(ConversationView) })

/** How many messages there are between this business and each of the others, by their ids. */
const countsOf = async (as: As, business: Person) => {
  const lists = await Promise.all(
    ["active", "archived"].map((status) =>
      as(business).ask(List, "GET", `/conversations?status=${status}&limit=100`)
    )
  )
  return new Map(
    lists
      .flatMap(({ conversations }) => conversations)
      .map(({ messageCount, other }) => [other.userId, messageCount])
  )
}

/** Talks that are not, or not wholly, on record. People may have gone on with the others. */
export const missing = async (as: As, talks: ReadonlyArray<Talk>): Promise<ReadonlyArray<Talk>> => {
  const businesses = [...new Set(talks.map(({ business }) => business))]
  const counts = new Map(
    await Promise.all(businesses.map(async (name) => [name, await countsOf(as, people[name])] as const))
  )
  return talks.filter((talk) => {
    const there = counts.get(talk.business)?.get(people[talk.worker].id) ?? 0
    return there < messagesIn(talk)
  })
}

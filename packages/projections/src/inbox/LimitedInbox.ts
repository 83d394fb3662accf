import { limitedRequests } from "@indelible/application/limits/LimitedRequests"
import { Effect, Layer } from "effect"
import { Inbox } from "./Inbox.ts"

/** The inbox below it, whose list each person gets as often as the limit of lists allows, whatever interface asks. */
export const layer = Layer.effect(
  Inbox,
  Effect.gen(function* () {
    const inbox = yield* Inbox
    const limited = yield* limitedRequests("lists")
    return Inbox.of({ ...inbox, list: (query) => limited(query.subject, inbox.list(query)) })
  })
)

import { History } from "@indelible/projections/history/History"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { ConversationSearch } from "@indelible/projections/search/ConversationSearch"
import { MessageSearch } from "@indelible/projections/search/MessageSearch"
import { Unread } from "@indelible/projections/unread/Unread"
import { Context, Effect, Exit, Layer } from "effect"
import { latencies } from "./Latencies.ts"
import { timed } from "./Timed.ts"

const queries = [
  "inbox_list",
  "history_page",
  "unread_total",
  "message_search",
  "conversation_search"
] as const

/** The queries below it, with the time that people wait for those that they wait for. */
export const layer = Layer.effectContext(
  Effect.gen(function* () {
    const inbox = yield* Inbox
    const history = yield* History
    const unread = yield* Unread
    const messages = yield* MessageSearch
    const conversations = yield* ConversationSearch
    const time = yield* timed
    const observe = yield* latencies(
      "indelible_read_seconds",
      "Time until a query was answered, with its wait for freshness; those that failed are left out",
      "query",
      queries
    )
    // In an outage a refusal comes at once, and would make queries look fast.
    const answered =
      (query: (typeof queries)[number]) => (exit: Exit.Exit<unknown, unknown>, seconds: number) =>
        Exit.isSuccess(exit) ? observe(query, seconds) : undefined

    return Context.make(
      Inbox,
      Inbox.of({ ...inbox, list: (query) => time(inbox.list(query), answered("inbox_list")) })
    ).pipe(
      Context.add(
        History,
        History.of({ ...history, page: (...query) => time(history.page(...query), answered("history_page")) })
      ),
      Context.add(
        Unread,
        Unread.of({ ...unread, total: (...query) => time(unread.total(...query), answered("unread_total")) })
      ),
      Context.add(
        MessageSearch,
        MessageSearch.of({ page: (query) => time(messages.page(query), answered("message_search")) })
      ),
      Context.add(
        ConversationSearch,
        ConversationSearch.of({
          page: (query) => time(conversations.page(query), answered("conversation_search"))
        })
      )
    )
  })
)

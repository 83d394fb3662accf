import { History } from "@indelible/projections/history/History"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { Unread } from "@indelible/projections/unread/Unread"
import { Context, Effect, Exit, Layer } from "effect"
import { latencies } from "./Latencies.ts"
import { timed } from "./Timed.ts"

const queries = ["inbox_list", "history_page", "unread_total"] as const

/** The queries below it, with the time that people wait for those that they wait for. */
export const layer = Layer.effectContext(
  Effect.gen(function* () {
    const inbox = yield* Inbox
    const history = yield* History
    const unread = yield* Unread
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
      )
    )
  })
)

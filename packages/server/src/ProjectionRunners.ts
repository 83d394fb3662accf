import { own } from "@indelible/projections/engine/Ownership"
import { run } from "@indelible/projections/engine/Runner"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import { inboxProjection } from "@indelible/projections/inbox/InboxProjection"
import { searchProjection } from "@indelible/projections/search/SearchProjection"
import { unreadProjection } from "@indelible/projections/unread/UnreadProjection"
import { Effect, Layer } from "effect"

const projections = [inboxProjection, historyProjection, unreadProjection, searchProjection]

/** Keeps the read models up with the log, those that this node owns. */
export const layer = Layer.effectDiscard(
  Effect.forkScoped(own(projections.map((projection) => ({ name: projection.name, body: run(projection) }))))
)

import { historyProjection } from "./history/HistoryProjection.ts"
import { inboxProjection } from "./inbox/InboxProjection.ts"
import { searchProjection } from "./search/SearchProjection.ts"
import { unreadProjection } from "./unread/UnreadProjection.ts"

/** Every read model of the product. */
export const projections = [inboxProjection, historyProjection, unreadProjection, searchProjection] as const

import type { SqlClient } from "effect/sql"
import type { SearchQuery } from "./SearchQuery.ts"
import { tsqueryText } from "./TsText.ts"

/**
 * How well a message answers, from its `words`: how often the words are in it and how near to each other, divided by
 * 1 + the logarithm of its length. It depends on the message alone, so it never changes.
 */
export const rankOf = (sql: SqlClient.SqlClient, query: SearchQuery) =>
  sql`ts_rank(words, ${tsqueryText(query)}::tsquery, 1)`
